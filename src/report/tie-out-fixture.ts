/** The tie-out example: eleven business days from 2024-01-02 with figures that the tools themselves gave. */
import { expect } from "vitest";
import type { CivilDate } from "../kernel/index.ts";
import { dailyReturns } from "./daily-returns.ts";
import type { BenchmarkClose, EquityPoint } from "./input.ts";

export const START_EQUITY = 100_000;

const DATES = ["02", "03", "04", "05", "08", "09", "10", "11", "12", "15", "16"].map(
  (day) => `2024-01-${day}` as CivilDate,
);
const EQUITY = [START_EQUITY, 101_000, 100_500, 102_000, 99_000, 99_500, 103_000, 102_500, 104_000, 101_500, 105_000];
const CLOSES = [400, 402, 401, 405, 399, 400, 406, 405, 408, 404, 410];

const byDate = <T>(values: readonly number[], make: (date: CivilDate, value: number) => T): readonly T[] =>
  DATES.flatMap((date, index) => {
    const value = values[index];
    return value === undefined ? [] : [make(date, value)];
  });

/** The ten sessions after the start. */
export const points: readonly EquityPoint[] = byDate(EQUITY, (date, equity) => ({
  date,
  equity,
  flow: 0,
  traded: 0,
})).slice(1);

export const closes: readonly BenchmarkClose[] = byDate(CLOSES, (date, close) => ({ date, close }));

export const { returns } = dailyReturns(START_EQUITY, points);

/** The start and what it grew to, on their dates. */
export const path = byDate(EQUITY, (date, equity) => ({ date, value: equity / START_EQUITY }));

/** Equal to one part in 10⁹, and to the twelve places that a figure is given with. */
export function expectTied(found: number, wanted: number): void {
  expect(Math.abs(found - wanted), `${found} against ${wanted}`).toBeLessThanOrEqual(1e-9 * Math.abs(wanted));
}
