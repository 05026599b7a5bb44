/** How much of a bar one account may take (rule R28). */
import { divideFloor, larger, NO_SHARES, quantity, SCALE, unitsFromNumber } from "../../kernel/index.ts";
import type { Bar, Instant, Quantity } from "../../kernel/index.ts";
import type { Account, BarUsage } from "../state.ts";

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
  return larger(quantity(cap - takenOf(account.barUsage.get(symbol), bar.start)), NO_SHARES);
}

/** Shares that an account has taken of a bar. */
export function takenOf(usage: BarUsage | undefined, barStart: Instant): Quantity {
  return usage !== undefined && usage.barStart === barStart ? usage.qty : NO_SHARES;
}
