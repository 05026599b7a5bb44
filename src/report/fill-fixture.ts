/** Fills written as a trader would say them, for tests. */
import {
  cash,
  NO_CASH,
  parseInstant,
  price,
  quantity,
  unitsFromNumber,
  valueOf,
  type Cash,
  type Instant,
} from "../kernel/index.ts";
import type { FillFact, SplitFact } from "./input.ts";

/** A minute of 2024-01-02, counted from 14:30 UTC. */
export const minute = (count: number): Instant =>
  ((parseInstant("2024-01-02T14:30:00Z") as Instant) + count * 60_000) as Instant;

export const dollars = (amount: number): Cash => cash(unitsFromNumber(amount));
export const shares = (count: number) => quantity(unitsFromNumber(count));

interface Words {
  readonly symbol?: string;
  readonly fees?: number;
  readonly order?: number;
  readonly marketValue?: number;
}

function fill(side: "buy" | "sell", at: number, what: string, words: Words): FillFact {
  const { symbol = "SPY", fees = 0, order = 1, marketValue } = words;
  const [qty = 0, each = 0] = what.split("@").map(Number);
  const cost = price(unitsFromNumber(each));
  return {
    at: minute(at),
    symbol,
    side,
    qty: shares(qty),
    price: cost,
    cash: valueOf(shares(qty), cost),
    fees: fees === 0 ? NO_CASH : dollars(fees),
    order,
    marketValue,
  };
}

/** "10@100" at a minute: ten shares for 100 dollars each. */
export const buy = (at: number, what: string, words: Words = {}): FillFact => fill("buy", at, what, words);
export const sell = (at: number, what: string, words: Words = {}): FillFact => fill("sell", at, what, words);

/** "2:1" at a minute: two shares for each. */
export function split(at: number, what: string, inLieu?: SplitFact["inLieu"]): SplitFact {
  const [numerator = 1n, denominator = 1n] = what.split(":").map(BigInt);
  return { at: minute(at), symbol: "SPY", numerator, denominator, inLieu };
}
