/** LEAN's factor files: what prices have to be multiplied with, read back as the splits and dividends behind it. */
import { basename } from "node:path";
import { tradingDayAfter } from "../../../calendar/index.ts";
import { parseDate, parseUnits, price, SCALE, type CivilDate, type CorporateAction } from "../../../kernel/index.ts";
import { isSymbol } from "../../symbol.ts";
import type { BarFormat } from "../bar-format.ts";
import { readLines } from "../files/read-lines.ts";

const FOLDER = /factor_files\/[^/]+\.csv$/i;
const ROW = /^\d{8},[\d.eE+-]+,[\d.eE+-]+,[\d.eE+-]+$/;

/** Both factors have about seven digits: ratios closer to one than this are one. */
const LEAST_CHANGE = 1e-6;
const RATE_MAX = 1000;

/** Factors up to and including a date, and the last close before they change. */
interface FactorRow {
  readonly date: CivilDate;
  readonly priceFactor: number;
  readonly splitFactor: number;
  readonly close: number;
}

export const leanFactors: BarFormat = {
  name: "lean-factors",
  looks: "LEAN's factor_files: date,price factor,split factor,close",
  matches: ({ path, lines }) => FOLDER.test(path) && ROW.test(lines[0] ?? ""),
  facts: () => ({}),
  read: async (file, { symbols }, sink) => {
    const symbol = basename(file.head.path)
      .replace(/\.csv$/i, "")
      .toUpperCase();
    if (!isSymbol(symbol) || symbols?.includes(symbol) === false) return;
    const rows: FactorRow[] = [];
    await readLines(file, (bytes, { start, end }) => {
      const row = factorRow(bytes.toString("utf8", start, end));
      if (row !== undefined) rows.push(row);
    });
    rows.sort((a, b) => (a.date < b.date ? -1 : 1));
    for (const [index, row] of rows.entries()) {
      const next = rows[index + 1];
      if (next !== undefined) for (const action of actionsBetween(symbol, row, next)) sink.takeAction(action);
    }
  },
};

function factorRow(text: string): FactorRow | undefined {
  const [day = "", ...figures] = text.split(",");
  const date = parseDate(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`);
  const [priceFactor = NaN, splitFactor = NaN, close = NaN] = figures.map(Number);
  const isRow = date !== undefined && priceFactor > 0 && splitFactor > 0 && close >= 0;
  return isRow ? { date, priceFactor, splitFactor, close } : undefined;
}

function* actionsBetween(symbol: string, row: FactorRow, next: FactorRow): Generator<CorporateAction> {
  const exDate = tradingDayAfter(row.date)?.date;
  if (exDate === undefined) return;
  const split = ratioOf(next.splitFactor / row.splitFactor);
  if (split !== undefined) yield { symbol, exDate, type: "split", ...split };
  const paid = 1 - row.priceFactor / next.priceFactor;
  if (paid < LEAST_CHANGE || row.close === 0) return;
  const cashPerShare = parseUnits((row.close * paid).toFixed(decimalsOf(row.close)));
  if (typeof cashPerShare !== "bigint" || cashPerShare <= 0n) return;
  yield {
    symbol,
    exDate,
    type: "cash_dividend",
    recordDate: undefined,
    payDate: undefined,
    cashPerShare: price(cashPerShare),
  };
}

/** Decimals of a dividend that factors of seven decimals still tell. */
const decimalsOf = (close: number): number => Math.max(2, Math.floor(-Math.log10(2e-7 * close)));

/** The smallest whole numbers of a split that make the ratio; undefined where nothing was split. */
function ratioOf(ratio: number): { readonly oldRate: bigint; readonly newRate: bigint } | undefined {
  if (Math.abs(ratio - 1) < LEAST_CHANGE) return undefined;
  for (let old = 1; old <= RATE_MAX; old += 1) {
    const made = Math.round(ratio * old);
    if (made >= 1 && Math.abs(made / old / ratio - 1) < LEAST_CHANGE) {
      return { oldRate: BigInt(old) * SCALE, newRate: BigInt(made) * SCALE };
    }
  }
  return undefined;
}
