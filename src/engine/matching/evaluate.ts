/** What one moment of one bar does to one order: the events, or none. */
import { absolute, assert, price, quantity, sharesFor, smaller, valueOf } from "../../kernel/index.ts";
import type { Bar, Price, Quantity } from "../../kernel/index.ts";
import { accountFigures, closable } from "../accounts/figures.ts";
import { fundsProblem } from "../accounts/funds.ts";
import type { CancelReason, EngineEvent } from "../event.ts";
import { capLeft } from "../models/liquidity.ts";
import { PHASE, type Moment } from "../moment.ts";
import { isImmediate } from "../orders/venue.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, State } from "../state.ts";
import { atCloseOnly, atEnd, atOpen, type Quote, type Verdict } from "./prices.ts";

/** One order at one moment of one bar. */
export interface Encounter {
  readonly state: State;
  readonly order: Order;
  readonly bar: Bar;
  readonly moment: Moment;
  readonly known: KnownMarket;
}

export function evaluate(encounter: Encounter): readonly EngineEvent[] {
  switch (encounter.moment.phase) {
    case PHASE.barOpen:
      return evaluateOpen(encounter);
    case PHASE.leftover:
      return evaluateLeftover(encounter);
    case PHASE.barEnd:
      return evaluateEnd(encounter);
    default:
      return [];
  }
}

/** R8: an order that fits under the cap fills at the open; one that does not waits for the bar's end (R28). */
function evaluateOpen(encounter: Encounter): readonly EngineEvent[] {
  const { state, order, bar } = encounter;
  const verdict = atOpen(state.config, order, bar);
  const triggered = triggerEvents(encounter, verdict);
  if (verdict.quote === undefined) return triggered;
  const size = sizeAt(encounter, verdict.quote.price);
  if (size.remaining <= 0n) return [...triggered, nothingLeft(encounter)];
  const free = capLeft(state.config.participation, accountOf(state, order), order.symbol, bar);
  const fits = bar.volume > 0 && (free === undefined || size.remaining <= free);
  if (!fits) return triggered;
  return [...triggered, ...fillEvents(encounter, verdict.quote, { size, qty: size.remaining, isCapped: false })];
}

/** R17: an immediate order that the open did not make marketable is cancelled at once. */
function evaluateLeftover(encounter: Encounter): readonly EngineEvent[] {
  const { state, order, bar } = encounter;
  if (!isImmediate(order.timeInForce) || atOpen(state.config, order, bar).quote !== undefined) return [];
  return [cancelEvent(encounter, "not_marketable_at_open")];
}

/** R9: what depends on high, low, close or volume. */
function evaluateEnd(encounter: Encounter): readonly EngineEvent[] {
  const { state, order, bar } = encounter;
  if (bar.start < order.effectiveAt) {
    const verdict = atCloseOnly(state.config, order, bar);
    return [...triggerEvents(encounter, verdict), ...slice(encounter, verdict.quote, false)];
  }
  const openVerdict = atOpen(state.config, order, bar);
  if (openVerdict.quote !== undefined) return endOfOpenSlice(encounter, openVerdict.quote);
  const verdict = atEnd(state.config, order, bar);
  return [...triggerEvents(encounter, verdict), ...slice(encounter, verdict.quote, false)];
}

/** The slice of an order that was marketable at the open but did not fit: priced at the open, reported now (R28). */
function endOfOpenSlice(encounter: Encounter, quote: Quote): readonly EngineEvent[] {
  const { order, bar } = encounter;
  if (order.timeInForce === "fok") return [cancelEvent(encounter, bar.volume > 0 ? "volume_cap" : "no_volume")];
  const fills = slice(encounter, quote, true);
  if (order.timeInForce !== "ioc") return fills;
  return [...fills, cancelEvent(encounter, bar.volume > 0 ? "unfilled_remainder" : "no_volume")];
}

/** As much of an order as the cap leaves. */
function slice(encounter: Encounter, quote: Quote | undefined, isCapped: boolean): readonly EngineEvent[] {
  const { state, order, bar } = encounter;
  if (quote === undefined || bar.volume <= 0) return [];
  const size = sizeAt(encounter, quote.price);
  if (size.remaining <= 0n) return [nothingLeft(encounter)];
  const free = capLeft(state.config.participation, accountOf(state, order), order.symbol, bar);
  const qty = free === undefined ? size.remaining : smaller(size.remaining, free);
  return qty > 0n ? fillEvents(encounter, quote, { size, qty, isCapped }) : [];
}

interface Size {
  readonly remaining: Quantity;
  /** Set where a notional order gets its size now. */
  readonly sizedQty: Quantity | undefined;
}

/** What is left of an order; a notional order is sized by its first price, and one that closes never beyond what is free. */
function sizeAt({ state, order }: Encounter, at: Price): Size {
  if (order.totalQty !== undefined) {
    return { remaining: quantity(order.totalQty - order.filledQty), sizedQty: undefined };
  }
  assert(order.notional !== undefined, "Invariant: an order has a quantity or a notional");
  const asked = sharesFor(order.notional, at);
  const sized = order.isOpening ? asked : smaller(asked, closable(state, accountOf(state, order), order));
  return { remaining: sized, sizedQty: sized };
}

interface FillSize {
  readonly size: Size;
  readonly qty: Quantity;
  readonly isCapped: boolean;
}

function fillEvents(encounter: Encounter, quote: Quote, fill: FillSize): readonly EngineEvent[] {
  const { order, bar, moment } = encounter;
  const problem = moneyProblem(encounter, quote, fill.size.remaining);
  if (problem !== undefined) return [{ kind: "order_rejected", at: moment.at, order: order.ordinal, reason: problem }];
  return [
    {
      kind: "order_filled",
      at: moment.at,
      order: order.ordinal,
      qty: fill.qty,
      price: quote.price,
      cash: valueOf(fill.qty, quote.price),
      rule: quote.rule,
      isCapped: fill.isCapped,
      referencePrice: quote.reference,
      slippage: price(absolute(quote.price - quote.reference)),
      barStart: bar.start,
      sizedQty: fill.size.sizedQty,
    },
  ];
}

/** An order accepted while no price was known has its money checked at its first fill. */
function moneyProblem({ state, order, known }: Encounter, quote: Quote, remaining: Quantity): string | undefined {
  if (order.isPriced || order.filledQty > 0n) return undefined;
  const account = accountOf(state, order);
  return fundsProblem(accountFigures(state, account, known), valueOf(remaining, quote.price));
}

/** A notional order against a position that other orders have closed, or hold all of; or one that buys less than 10⁻⁹. */
function nothingLeft({ order, moment }: Encounter): EngineEvent {
  const reason = order.isOpening
    ? "notional buys less than 0.000000001 shares"
    : "insufficient qty available for order";
  return { kind: "order_rejected", at: moment.at, order: order.ordinal, reason };
}

function triggerEvents({ order, bar, moment }: Encounter, verdict: Verdict): readonly EngineEvent[] {
  if (!verdict.isTriggered) return [];
  return [{ kind: "order_triggered", at: moment.at, order: order.ordinal, barStart: bar.start }];
}

function cancelEvent({ order, moment }: Encounter, reason: CancelReason): EngineEvent {
  return { kind: "order_canceled", at: moment.at, order: order.ordinal, reason };
}

function accountOf(state: State, order: Order): Account {
  const account = state.accounts[order.account - 1];
  assert(account !== undefined, "Invariant: an order belongs to an account that exists");
  return account;
}
