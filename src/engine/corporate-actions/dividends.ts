/** Who is entitled to a cash dividend, and when it is paid (rule R43). */
import { effectiveAt } from "../../calendar/index.ts";
import { instant, valueOf, type CashDividend, type Instant } from "../../kernel/index.ts";
import { dividendEntry } from "../accounts/dividends.ts";
import type { DividendEntitled, EngineEvent } from "../event.ts";
import type { Booking } from "./booking.ts";

/** The holder at the start of the ex-date is entitled; a short is charged. */
export function entitle({ state, account, at }: Booking, dividend: CashDividend): readonly EngineEvent[] {
  const position = account.positions.get(dividend.symbol);
  if (position === undefined) return [];
  const payDate = dividend.payDate ?? dividend.exDate;
  const isAtOnce = state.config.dividends === "ex_date";
  const paysAt: Instant = isAtOnce ? at : instant(Math.max(at, effectiveAt(payDate) ?? at));
  const entitled: DividendEntitled = {
    kind: "dividend_entitled",
    at,
    account: account.ordinal,
    entitlement: account.entitlementCount + 1,
    symbol: dividend.symbol,
    qty: position.qty,
    perShare: dividend.cashPerShare,
    netAmount: valueOf(position.qty, dividend.cashPerShare),
    exDate: dividend.exDate,
    payDate,
    paysAt,
  };
  return paysAt === at ? [entitled, dividendEntry(entitled, at)] : [entitled];
}
