import { expect, it } from "vitest";
import type { DataImport } from "../api/connect-types.ts";
import { progressText, sizeText } from "./progress-text.ts";

const JOB: DataImport = {
  id: "1",
  name: "SPY.csv",
  bytes: 80_000_000,
  state: "running",
  created_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:00Z",
  ended_at: null,
  progress: { phase: "reading", done: 20_000_000, total: 80_000_000 },
  report: null,
  error: null,
};

it("sizes have at most three figures", () => {
  expect([0, 812, 1440, 80_000_000, 2e9, 5e12].map(sizeText)).toEqual([
    "0 B",
    "812 B",
    "1.4 kB",
    "80.0 MB",
    "2.0 GB",
    "5000 GB",
  ]);
});

it("progress says how much, how fast and how long", () => {
  const now = Date.parse("2026-01-01T00:00:02Z");
  expect(progressText(JOB, now)).toBe("20.0 MB of 80.0 MB read · 10.0 MB/s · 0:00:06 left");
  expect(progressText({ ...JOB, progress: { phase: "writing", done: 1, total: 3 } }, now)).toBe(
    "writing: 1 of 3 years of series",
  );
  expect(progressText({ ...JOB, state: "waiting", progress: null }, now)).toBe("waits for the import before it");
});
