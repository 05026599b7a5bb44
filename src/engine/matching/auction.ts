/** The closing auction (rule R18): one official price, for everybody. */
import { priceFromBar, smaller, type Instant } from "../../kernel/index.ts";
import { tradingDayAt } from "../../calendar/index.ts";
import { opposing } from "../accounts/holdings.ts";
import type { EngineEvent } from "../event.ts";
import { capLeft } from "../models/liquidity.ts";
import { ended } from "../orders/groups.ts";
import type { Tape } from "../ports.ts";
import type { Order, State } from "../state.ts";
import { accountOf, filled, isOver, leftoverOf, moneyProblem } from "./evaluate.ts";
import { atAuction } from "./prices.ts";

/** What the close makes of an order that waits for it: a fill at the last regular price, and the end of the rest. */
export function auctionEvents(
  state: State,
  tape: Tape,
  { order, at }: { readonly order: Order; readonly at: Instant },
): readonly EngineEvent[] {
  const fills = auctionFill(state, tape, { order, at });
  if (fills.some(({ kind }) => kind === "order_rejected") || isOver(order, fills)) return fills;
  return [...fills, ...ended(state, order, leftoverOf(state, order, at, "auction_leftover"))];
}

function auctionFill(
  state: State,
  tape: Tape,
  { order, at }: { readonly order: Order; readonly at: Instant },
): readonly EngineEvent[] {
  const day = tradingDayAt(order.opensAt);
  const bar = tape.lastBarBefore(order.symbol, at);
  const isOfToday = bar !== undefined && day !== undefined && bar.start >= day.open && bar.end > order.effectiveAt;
  if (!isOfToday || order.totalQty === undefined) return [];
  const asked = { config: state.config, order, bar, mark: undefined };
  const quote = atAuction(asked, priceFromBar(bar.close), "close_auction");
  const account = accountOf(state, order);
  const free = capLeft({ config: state.config, account, symbol: order.symbol, bar, tape });
  const wanted =
    order.isOpening || order.isFlip === true ? order.totalQty : smaller(order.totalQty, opposing(account, order));
  const qty = free === undefined ? wanted : smaller(wanted, free);
  if (quote === undefined || qty <= 0n) return [];
  const reason = moneyProblem({ state, order, tape, at }, quote, wanted);
  if (reason !== undefined) return ended(state, order, { kind: "order_rejected", at, order: order.ordinal, reason });
  const { start: barStart } = bar;
  return filled({ state, order, quote, at, qty, isCapped: false, isAtBarEnd: true, barStart, sizedQty: undefined });
}
