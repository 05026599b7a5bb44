/** The built-in sample: the same bytes every time, plausible bars, and facts that need no bars. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../kernel/index.ts";
import type { Columns } from "../series/columns.ts";
import { monthDays } from "./daily-path.ts";
import { sampleMonth } from "./minutes.ts";
import { sampleFacts } from "./sample-facts.ts";
import { SAMPLE_FIRST_MONTH, SAMPLE_LAST_MONTH, SAMPLE_SYMBOLS } from "./sample-symbols.ts";

const MONTHS = Array.from(
  { length: SAMPLE_LAST_MONTH - SAMPLE_FIRST_MONTH + 1 },
  (_, index) => SAMPLE_FIRST_MONTH + index,
);
const all = new Map(SAMPLE_SYMBOLS.map((symbol) => [symbol.symbol, MONTHS.map((month) => sampleMonth(symbol, month))]));

const rowsOf = (columns: Columns): number[] => Array.from({ length: columns.rows }, (_, row) => row);
const columnAt = (values: Float64Array, row: number): number => values[row] ?? Number.NaN;
const isCents = (value: number): boolean => Math.round(value * 100) / 100 === value;

/** What is wrong with a row, or undefined. */
function flawOf({ open, high, low, close, volume, vwap, trades }: Columns, row: number): string | undefined {
  const [o, h, l, c] = [open, high, low, close].map((values) => columnAt(values, row)) as [
    number,
    number,
    number,
    number,
  ];
  if (![o, h, l, c].every((value) => value > 0 && isCents(value))) return "a price is not on the cent";
  if (o > h || c > h || o < l || c < l) return "open or close lies outside the range";
  if (columnAt(vwap, row) < l || columnAt(vwap, row) > h) return "vwap lies outside the range";
  const shares = columnAt(volume, row);
  const count = trades[row] ?? 0;
  return Number.isInteger(shares) && shares > 0 && count >= 1 && count <= shares
    ? undefined
    : "volume or trades are odd";
}

describe("the built-in sample", () => {
  it("is the same, to the byte, on every run and every machine", () => {
    const hash = createHash("sha256");
    for (const months of all.values()) for (const columns of months) hash.update(new Uint8Array(columns.buffer));
    expect(hash.digest("hex")).toMatchInlineSnapshot(
      `"2c7140f2e7f3cbe1cca3efbfbd11295854c8b66243fe949f2501cea07ba04adf"`,
    );
  });

  it("holds only bars that could have been", () => {
    for (const [symbol, months] of all) {
      for (const columns of months) {
        const flaws = rowsOf(columns).map((row) => flawOf(columns, row));
        expect(
          flaws.filter((flaw) => flaw !== undefined),
          symbol,
        ).toEqual([]);
      }
    }
  });

  it.each(["AAPL", "MSFT"])(
    "prints every minute of the extended session of %s, with at least 1,000 shares",
    (symbol) => {
      for (const [index, columns] of (all.get(symbol) ?? []).entries()) {
        const starts = monthDays(SAMPLE_FIRST_MONTH + index).flatMap(({ sessionOpen, sessionClose }) =>
          Array.from(
            { length: (sessionClose - sessionOpen) / MINUTE_MS },
            (_, minute) => sessionOpen + minute * MINUTE_MS,
          ),
        );
        expect([...columns.start]).toEqual(starts);
        expect(columns.volume.every((volume) => volume >= 1000)).toBe(true);
      }
    },
  );

  it("prints every regular minute of the others, and misses some outside", () => {
    for (const symbol of SAMPLE_SYMBOLS.filter(({ thinnestPresence }) => thinnestPresence < 1)) {
      for (const [index, columns] of (all.get(symbol.symbol) ?? []).entries()) {
        const starts = new Set(columns.start);
        const days = monthDays(SAMPLE_FIRST_MONTH + index);
        const regular = days.flatMap(({ open, close }) =>
          Array.from({ length: (close - open) / MINUTE_MS }, (_, minute) => open + minute * MINUTE_MS),
        );
        expect(regular.every((start) => starts.has(start))).toBe(true);
        const minutes = days.reduce((sum, day) => sum + (day.sessionClose - day.sessionOpen) / MINUTE_MS, 0);
        expect(columns.rows).toBeLessThan(minutes);
        expect(columns.rows).toBeGreaterThan(minutes / 2);
      }
    }
  });

  it("ends each month on the close that the symbol had", () => {
    for (const { symbol, monthCloses } of SAMPLE_SYMBOLS) {
      for (const [index, columns] of (all.get(symbol) ?? []).entries()) {
        const lastClose = monthDays(SAMPLE_FIRST_MONTH + index).at(-1)?.close ?? 0;
        const row = columns.start.indexOf(lastClose - MINUTE_MS);
        expect(columns.close[row], `${symbol} in month ${index}`).toBe(monthCloses[index + 1]);
      }
    }
  });

  it("trades about as many shares a day as the symbol did, most of them at the edges of the session", () => {
    for (const { symbol, dailyVolume } of SAMPLE_SYMBOLS) {
      const [month] = all.get(symbol) ?? [];
      const total = month?.volume.reduce((sum, volume) => sum + volume, 0) ?? 0;
      expect(total / monthDays(SAMPLE_FIRST_MONTH).length / dailyVolume).toBeGreaterThan(0.7);
      expect(total / monthDays(SAMPLE_FIRST_MONTH).length / dailyVolume).toBeLessThan(1.3);
    }
    const day = monthDays(SAMPLE_FIRST_MONTH)[0];
    const [month] = all.get("AAPL") ?? [];
    const volumeOf = (from: number, until: number): number =>
      month === undefined
        ? 0
        : rowsOf(month).reduce((sum, row) => {
            const start = columnAt(month.start, row);
            return start >= from && start < until ? sum + columnAt(month.volume, row) : sum;
          }, 0);
    const open = day?.open ?? 0;
    expect(volumeOf(open, open + HOUR_MS)).toBeGreaterThan(1.5 * volumeOf(open + 2.5 * HOUR_MS, open + 3.5 * HOUR_MS));
  });

  it("can be counted without being made", () => {
    for (const symbol of SAMPLE_SYMBOLS) {
      const months = all.get(symbol.symbol) ?? [];
      const facts = sampleFacts(symbol);
      expect(facts.rows).toBe(months.reduce((sum, columns) => sum + columns.rows, 0));
      expect(facts.from).toBe(months[0]?.start[0]);
      expect(facts.to).toBe((months.at(-1)?.start.at(-1) ?? 0) + MINUTE_MS);
    }
  });
});
