/** What the tests of this room share: bars in columns, and a data directory that is removed after the test. */
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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

const QUIET = {
  open: 100,
  close: 100,
  volume: 1000,
  vwap: Number.NaN,
  trades: NO_TRADES,
  lengthMs: MINUTE_MS,
  isDay: false,
};

/** Columns of bars; what is left out is a quiet minute at 100. */
export function columnsOf(bars: readonly TestBar[]): Columns {
  const columns = newColumns(bars.length);
  for (const [row, given] of bars.entries()) {
    const bar = { ...QUIET, ...given };
    columns.start[row] = bar.start;
    columns.open[row] = bar.open;
    columns.high[row] = given.high ?? Math.max(bar.open, bar.close);
    columns.low[row] = given.low ?? Math.min(bar.open, bar.close);
    columns.close[row] = bar.close;
    columns.volume[row] = bar.volume;
    columns.vwap[row] = bar.vwap;
    columns.trades[row] = bar.trades;
    columns.span[row] = spanOf(bar.lengthMs, bar.isDay);
  }
  return columns;
}

/** The instant of an RFC 3339 text. */
export function at(text: string): Instant {
  const parsed = parseInstant(text);
  return typeof parsed === "number" ? parsed : instant(Number.NaN);
}

/** Vitest's `onTestFinished`, handed in because this file is no test itself. */
export type AtEnd = (undo: () => Promise<void>) => void;

/** A folder that is removed when the test ends. */
export async function temporaryDirectory(atEnd: AtEnd): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tapedeck-market-"));
  atEnd(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Real bars that may lie beside the repository; tests that read them are skipped where they do not. */
export const SHARED_DATA = resolve(import.meta.dirname, "../../../shared/data");
export const hasSharedData = existsSync(SHARED_DATA);
