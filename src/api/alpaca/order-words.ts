/** What every rule, reason and change of an order means, in one sentence each; the compiler holds the tables complete. */
import type { CancelReason, FillRule, OrderAdjusted, OrderTerms, TimeInForce } from "../../engine/index.ts";
import { formatUnits } from "../../kernel/index.ts";

/** Why a fill has its price (docs/models/fills.md). */
export const FILL_RULES: Record<FillRule, string> = {
  open: "A market order fills at the open of the first bar that it may use.",
  open_limit: "The bar opened at a better price than the limit, and the open fills it.",
  through_limit: "The bar went as far as limitRule asks for a resting limit, which fills at its limit.",
  gap_stop: "The bar opened at or beyond the stop, and a stop that is gapped over fills at the open.",
  touch_stop: "The bar touched the stop, and it fills there.",
  gap_stop_limit: "The bar opened beyond the stop and better than the limit, and the open fills it.",
  touch_stop_limit: "The bar touched the stop, which is better than the limit, and it fills at the stop.",
  stop_limit_by_close:
    "The bar touched the stop and closed beyond the limit; the close is certainly later, so it fills at its limit.",
  gap_trail: "The bar opened at or beyond the trailing stop, and a stop that is gapped over fills at the open.",
  trail_old_stop: "The bar reached the trailing stop where it stood at the bar's open.",
  trail_new_stop: "The bar moved the mark first and then reached the trailing stop behind it.",
  same_bar_stop:
    "The entry was filled inside this very bar, which also reached the stop loss: that is taken to be later.",
  same_bar_target:
    "The entry was filled inside this very bar, which certainly went beyond the target after that: it fills at its limit.",
  close_auction: "The closing auction has one official price, the same for everybody.",
  close_only: "A day bar was running when the order was accepted, and of it only the close is certainly later.",
};

/** Why an order was canceled. */
export const CANCEL_REASONS: Record<CancelReason, string> = {
  asked: "The client asked for it.",
  not_marketable_at_open: "The one open that it looks at did not make it marketable.",
  no_volume: "Nothing was traded in the bar that it looks at.",
  volume_cap: "The cap on a bar's volume left too little for it.",
  unfilled_remainder: "It looks at one bar only, and that bar left this much of it.",
  auction_leftover: "The auction is over and left this much of it.",
  sibling_filled: "The other exit of its group was filled.",
  sibling_canceled: "Another member of its group ended, and a group ends together.",
  entry_not_filled: "The entry that it is an exit of ended without being filled.",
  position_closed: "The position that it would have closed is gone.",
  margin_call: "A margin call takes the open orders of what it sells.",
  corporate_action: "The company changed its shares, and orders in them are taken off.",
};

/** Why the company, not the client, changed an order. */
export const ADJUSTMENTS: Record<OrderAdjusted["reason"], string> = {
  split: "The shares were split, and the order with them.",
  cash_dividend: "The shares trade without their dividend, and the order's price is lowered by it.",
};

/** What ends an order that its time in force ends. */
export const TIMES_OVER: Record<TimeInForce, string> = {
  day: "Its day is over.",
  gtc: "It has reached the age at which orders that are good till canceled end.",
  opg: "The opening auction is over.",
  cls: "The closing auction is over.",
  ioc: "The session in which it looked for a bar is over.",
  fok: "The session in which it looked for a bar is over.",
};

/** A sentence as part of another: without its capital and its full stop. */
export const clause = (sentence: string): string => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1, -1)}`;

/** An order in a few words: "limit order to buy 10 AAPL at 99.9 or better (day)". */
export function describeTerms(terms: OrderTerms): string {
  const size = terms.qty === undefined ? `${text(terms.notional)} dollars of` : formatUnits(terms.qty);
  return `${NOUNS[terms.type]} to ${terms.side} ${size} ${terms.symbol}${PRICES[terms.type](terms)} (${terms.timeInForce})`;
}

const NOUNS: Record<OrderTerms["type"], string> = {
  market: "market order",
  limit: "limit order",
  stop: "stop order",
  stop_limit: "stop-limit order",
  trailing_stop: "trailing stop",
};

const PRICES: Record<OrderTerms["type"], (terms: OrderTerms) => string> = {
  market: () => "",
  limit: ({ limitPrice }) => ` at ${text(limitPrice)} or better`,
  stop: ({ stopPrice }) => ` from ${text(stopPrice)}`,
  stop_limit: ({ stopPrice, limitPrice }) => ` from ${text(stopPrice)}, at ${text(limitPrice)} or better`,
  trailing_stop: ({ trailPrice, trailPercent }) =>
    ` ${trailPrice === undefined ? `${text(trailPercent)} %` : text(trailPrice)} from its mark`,
};

const text = (units: bigint | undefined): string => (units === undefined ? "" : formatUnits(units));
