/** What an order does to a position, in Alpaca's words: inferred from what is held, and checked where a client says it. */
import type { Account, OrderTerms, Side } from "../../engine/index.ts";
import { refuse, type Refusal } from "../../kernel/index.ts";

export type PositionIntent = `${Side}_to_${"open" | "close"}`;

export const POSITION_INTENTS: PositionIntent[] = ["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"];

export const intentOf = (side: Side, isOpening: boolean): PositionIntent =>
  `${side}_to_${isOpening ? "open" : "close"}`;

/** An order closes where the account holds the other side of its symbol; else it opens. */
export function intentProblem(
  specified: PositionIntent | undefined,
  { symbol, side }: OrderTerms,
  account: Account,
): Refusal | undefined {
  if (specified === undefined) return undefined;
  const held = account.positions.get(symbol)?.qty ?? 0n;
  const inferred = intentOf(side, side === "buy" ? held >= 0n : held <= 0n);
  if (inferred === specified) return undefined;
  return refuse("order_rule", `position intent mismatch, inferred: ${inferred}, specified: ${specified}`);
}
