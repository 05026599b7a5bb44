/** How much of a bar one account may take (rule R28). */
import { divideFloor, larger, NO_SHARES, quantity, SCALE, unitsFromNumber } from "../../kernel/index.ts";
import type { Bar, Quantity } from "../../kernel/index.ts";
import type { Account } from "../state.ts";

/** Shares still free under the cap, whole shares of participation × volume; undefined: no cap. */
export function capLeft(
  participation: number | null,
  account: Account,
  symbol: string,
  bar: Bar,
): Quantity | undefined {
  if (participation === null) return undefined;
  const share = unitsFromNumber(participation) * unitsFromNumber(bar.volume);
  const cap = divideFloor(share, SCALE * SCALE) * SCALE;
  const usage = account.barUsage.get(symbol);
  const used = usage !== undefined && usage.barStart === bar.start ? usage.qty : NO_SHARES;
  return larger(quantity(cap - used), NO_SHARES);
}
