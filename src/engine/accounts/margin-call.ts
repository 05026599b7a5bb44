/** The margin check, and what a call does (rule R36). */
import { firstTradingDay } from "../../calendar/index.ts";
import {
  absolute,
  divideCeiling,
  instant,
  NO_CASH,
  quantity,
  SCALE,
  smaller,
  valueOf,
  type Instant,
} from "../../kernel/index.ts";
import type { Quantity } from "../../kernel/index.ts";
import type { EngineEvent, OrderTerms } from "../event.ts";
import { maintenanceMarginOf } from "../models/margin.ts";
import { accepted, isOpenAtOnce } from "../orders/acceptance.ts";
import { cancelTogether, openOrdersOf } from "../orders/groups.ts";
import { spanOf, type OrderSpan } from "../orders/venue.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Position, State } from "../state.ts";
import { valuationOf } from "./figures.ts";

export interface MarginCheck {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly at: Instant;
}

/** A call where equity is below maintenance, its end where it is not any more, and what the policy sells. */
export function marginEvents(check: MarginCheck): readonly EngineEvent[] {
  const { state, account, known, at } = check;
  const { equity, maintenanceMargin } = valuationOf(account, known, at);
  const isCalled = account.marginCallAt !== undefined;
  if (equity >= maintenanceMargin) {
    return isCalled ? [{ kind: "margin_call_met", at, account: account.ordinal }] : [];
  }
  const call: readonly EngineEvent[] = isCalled
    ? []
    : [{ kind: "margin_called", at, account: account.ordinal, equity, maintenance: maintenanceMargin }];
  if (state.config.marginCall === "flag_only" || isLiquidating(state, account)) return call;
  return [...call, ...liquidation(check, maintenanceMargin - equity)];
}

function isLiquidating(state: State, account: Account): boolean {
  for (const ordinal of account.openOrders) if (state.orders.get(ordinal - 1)?.source === "margin_call") return true;
  return false;
}

/** What must be closed so that the rest is enough: the largest positions first, the fewest whole shares of the last one. */
export function sharesToClose(
  { account, known, at }: Pick<MarginCheck, "account" | "known" | "at">,
  deficit: bigint,
): readonly { readonly position: Position; readonly qty: Quantity }[] {
  const closings: { position: Position; qty: Quantity }[] = [];
  let left = deficit;
  for (const { position, requirement } of bySize({ account, known, at })) {
    if (left <= 0n) break;
    if (requirement <= 0n) continue;
    const size = absolute(position.qty);
    const shares = quantity(divideCeiling(left * size, requirement * SCALE) * SCALE);
    const qty = smaller(shares, size);
    closings.push({ position, qty });
    left -= (requirement * qty) / size;
  }
  return closings;
}

function bySize({ account, known, at }: Pick<MarginCheck, "account" | "known" | "at">) {
  return [...account.positions.values()]
    .map((position) => {
      const price = known.lastPrice(position.symbol) ?? position.avgEntryPrice;
      const value = absolute(valueOf(position.qty, price));
      const traits = known.traits(position.symbol);
      return { position, value, requirement: maintenanceMarginOf({ qty: position.qty, price, traits, at }) };
    })
    .toSorted((a, b) => {
      if (a.value !== b.value) return a.value > b.value ? -1 : 1;
      return a.position.symbol < b.position.symbol ? -1 : 1;
    });
}

function liquidation(check: MarginCheck, deficit: bigint): readonly EngineEvent[] {
  const { state, account, at } = check;
  const events: EngineEvent[] = [];
  let index = 0;
  for (const { position, qty } of sharesToClose(check, deficit)) {
    const orders = openOrdersOf(state, account, position.symbol);
    events.push(...cancelTogether(state, orders, { at, reason: "margin_call" }));
    const terms = liquidationTerms(state, position, qty);
    const order = accepted({
      state,
      account,
      at,
      terms,
      span: liquidationSpan(state, terms, at),
      last: undefined,
      reserved: NO_CASH,
      isPriced: true,
      isOpening: false,
      replaced: undefined,
      index,
      source: "margin_call",
    });
    events.push(order);
    if (isOpenAtOnce(order)) events.push({ kind: "order_opened", at: order.at, order: order.order });
    index += 1;
  }
  return events;
}

function liquidationTerms({ config }: State, position: Position, qty: Quantity): OrderTerms {
  return {
    symbol: position.symbol,
    side: position.qty > 0n ? "sell" : "buy",
    type: "market",
    timeInForce: config.marginCall === "immediate" ? "day" : "opg",
    qty,
    notional: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    extendedHours: false,
    clientOrderId: undefined,
  };
}

/** The broker's own orders need not keep to the auction's hours of acceptance. */
function liquidationSpan({ config }: State, terms: OrderTerms, at: Instant): OrderSpan {
  if (terms.timeInForce !== "opg") return spanOf(config, terms, at);
  const day = firstTradingDay(at, "open");
  if (day === undefined) return { opensAt: instant(Number.MAX_SAFE_INTEGER), expiresAt: undefined };
  return { opensAt: day.open, expiresAt: day.close };
}
