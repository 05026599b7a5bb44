import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../kernel/index.ts";
import type { DownloadNews } from "../../market/index.ts";
import { openDownloadProgress } from "./download-progress.ts";

const date = (text: string): CivilDate => text as CivilDate;

const stretch = (daysDone: number): DownloadNews => ({
  kind: "stretch",
  symbol: "SPY",
  from: date("2024-01-01"),
  to: date("2024-01-31"),
  bars: 12_345,
  added: 12_000,
  counts: { daysDone, daysTotal: 310, barsReceived: 12_345 },
});

function log(...news: readonly DownloadNews[]): string {
  let [text, now] = ["", 0];
  const watcher = { isTerminal: false, write: (line: string) => void (text += line), now: () => now };
  const progress = openDownloadProgress(false, watcher);
  now = 10_000;
  for (const one of news) progress.tell(one);
  progress.close();
  return text;
}

describe("the log of a download", () => {
  it("has a line for each stretch, with the time that is left", () => {
    expect(log(stretch(31), stretch(310))).toBe(
      "SPY 2024-01-01 to 2024-01-31: 12,345 bars, 12,000 new (10%, 90 s left)\n" +
        "SPY 2024-01-01 to 2024-01-31: 12,345 bars, 12,000 new (100%)\n",
    );
  });

  it("has notes and long waits, but no pages and no short waits", () => {
    const counts = { daysDone: 0, daysTotal: 1, barsReceived: 1 };
    const news: readonly DownloadNews[] = [
      { kind: "moved", symbol: "SPY", date: date("2024-01-02"), counts },
      { kind: "wait", waitMs: 300, why: "at most 200 requests a minute" },
      { kind: "wait", waitMs: 130_000, why: "it answered 429" },
      { kind: "note", text: "a record is not used" },
    ];
    expect(log(...news)).toBe("waiting 3 min: it answered 429\na record is not used\n");
  });

  it("is silent where a document is wanted", () => {
    const progress = openDownloadProgress(true, {
      isTerminal: false,
      write: () => expect.unreachable(),
      now: () => 0,
    });
    progress.tell(stretch(31));
    progress.close();
  });
});
