/** Whether the numbers of a row can be a bar. */
import { NO_TRADES } from "../series/columns.ts";
import type { ImportedRow } from "./bar-format.ts";
import type { RowProblem } from "./refused-rows.ts";

const PRICES = ["open", "high", "low", "close"] as const;

/** Beyond it a price or a volume is a slip, and sums would lose their last digits. */
const NUMBER_MAX = 1e12;

/** The first thing that is wrong, or undefined. */
export function checkRow(row: ImportedRow): RowProblem | undefined {
  const { open, high, low, close, volume } = row;
  // One comparison that is false for NaN and for infinities lets good rows through without looking further.
  if (!(open + high + low + close + volume < NUMBER_MAX)) return badNumber(row);
  if (Math.min(open, high, low, close) <= 0) return badPrice(row);
  if (volume < 0) return { reason: "bad_volume", message: `volume: got ${volume}, wanted 0 or more` };
  if (high < low) return { reason: "high_below_low", message: `high: got ${high}, wanted at least the low of ${low}` };
  if (Math.max(open, close) > high || Math.min(open, close) < low) return outside(row);
  return checkOptional(row);
}

function checkOptional({ vwap, trades }: ImportedRow): RowProblem | undefined {
  if (vwap <= 0) return { reason: "bad_price", message: `vwap: got ${vwap}, wanted more than 0` };
  if (Number.isNaN(trades) || (Number.isInteger(trades) && trades >= 0 && trades < NO_TRADES)) return undefined;
  return { reason: "bad_number", message: `trades: got ${trades}, wanted a whole number of 0 or more` };
}

function badNumber(row: ImportedRow): RowProblem {
  const field = [...PRICES, "volume" as const].find((name) => !(Math.abs(row[name]) < NUMBER_MAX)) ?? "volume";
  const got = Number.isNaN(row[field]) ? "no decimal number" : String(row[field]);
  return { reason: "bad_number", message: `${field}: got ${got}, wanted a decimal number below ${NUMBER_MAX}` };
}

function badPrice(row: ImportedRow): RowProblem {
  const field = PRICES.find((name) => !(row[name] > 0)) ?? "open";
  return { reason: "bad_price", message: `${field}: got ${row[field]}, wanted more than 0` };
}

function outside({ open, high, low, close }: ImportedRow): RowProblem {
  const [field, value] = open > high || open < low ? ["open", open] : ["close", close];
  const message = `${field}: got ${value}, wanted a price from the low of ${low} to the high of ${high}`;
  return { reason: "open_close_outside_range", message };
}
