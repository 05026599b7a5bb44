/** What the tests of this room share: bars in columns, and a data directory that is removed after the test. */
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { instant, MINUTE_MS, parseInstant, type Instant } from "../kernel/index.ts";
import { newColumns, NO_TRADES, spanOf, type Columns } from "./series/columns.ts";

export interface TestBar {
  readonly start: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close?: number;
  readonly volume?: number;
  readonly vwap?: number;
  readonly trades?: number;
  readonly lengthMs?: number;
  readonly isDay?: boolean;
}

/** Columns of bars; what is left out is a quiet minute at 100. */
export function columnsOf(bars: readonly TestBar[]): Columns {
  const columns = newColumns(bars.length);
  for (const [row, bar] of bars.entries()) {
    columns.start[row] = bar.start;
    columns.open[row] = bar.open ?? 100;
    columns.high[row] = bar.high ?? Math.max(bar.open ?? 100, bar.close ?? 100);
    columns.low[row] = bar.low ?? Math.min(bar.open ?? 100, bar.close ?? 100);
    columns.close[row] = bar.close ?? 100;
    columns.volume[row] = bar.volume ?? 1000;
    columns.vwap[row] = bar.vwap ?? Number.NaN;
    columns.trades[row] = bar.trades ?? NO_TRADES;
    columns.span[row] = spanOf(bar.lengthMs ?? MINUTE_MS, bar.isDay ?? false);
  }
  return columns;
}

/** The instant of an RFC 3339 text. */
export function at(text: string): Instant {
  const parsed = parseInstant(text);
  return typeof parsed === "number" ? parsed : instant(Number.NaN);
}

export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tapedeck-market-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Real bars that may lie beside the repository; tests that read them are skipped where they do not. */
export const SHARED_DATA = resolve(import.meta.dirname, "../../../shared/data");
export const hasSharedData = existsSync(SHARED_DATA);
