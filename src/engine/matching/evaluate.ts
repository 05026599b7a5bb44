/** What one moment of one bar does to one order: the events, or none. */
import {
  absolute,
  assert,
  larger,
  missing,
  NO_SHARES,
  price,
  priceFromBar,
  quantity,
  sharesFor,
  smaller,
  valueOf,
} from "../../kernel/index.ts";
import type { Instant, Price, Quantity } from "../../kernel/index.ts";
import { accountFigures } from "../accounts/figures.ts";
import { fundsProblem } from "../accounts/funds.ts";
import { closable, opposing } from "../accounts/holdings.ts";
import type { CancelReason, EngineEvent } from "../event.ts";
import { feesOf } from "../models/fees.ts";
import { capLeft, partOf } from "../models/liquidity.ts";
import { slip } from "../models/slippage.ts";
import { PHASE, type Moment } from "../moment.ts";
import { ended, entryOf, followersOf, siblingsOf, type Ending } from "../orders/groups.ts";
import { isImmediate } from "../orders/venue.ts";
import type { Tape } from "../ports.ts";
import type { Account, Order, State } from "../state.ts";
import { atCloseOnly, atEnd, atOpen, insideEntryBar, type Asked, type Quote, type Verdict } from "./prices.ts";

/** One order at one moment of one bar. */
export interface Encounter extends Asked {
  readonly state: State;
  readonly moment: Moment;
  readonly tape: Tape;
}

type Events = readonly EngineEvent[];

const NOTHING: Events = [];

export function evaluate(encounter: Encounter): Events {
  switch (encounter.moment.phase) {
    case PHASE.barOpen: {
      const plain = encounter.order.isPlain ? evaluatePlain(encounter) : undefined;
      return plain ?? evaluateOpen(encounter);
    }
    case PHASE.leftover:
      return evaluateLeftover(encounter);
    case PHASE.barEnd:
      return evaluateEnd(encounter);
    default:
      return NOTHING;
  }
}

const isFok = ({ order }: Encounter): boolean => order.timeInForce === "fok";

/** An order of the opening auction has the first regular bar and no other. */
const isOneBar = ({ order }: Encounter): boolean => order.timeInForce === "opg" || isImmediate(order.timeInForce);

/** The same for a plain order that an open serves at once; undefined where that takes a closer look. */
function evaluatePlain(encounter: Encounter): Events | undefined {
  const { state, order, bar, moment } = encounter;
  const { config } = state;
  const { totalQty } = order;
  if (totalQty === undefined || order.filledIn === bar.start || bar.volume <= 0) return undefined;
  if (config.participation !== null || config.partialFills !== 0) return undefined;
  const qty = quantity(totalQty - order.filledQty);
  if (!order.isOpening && opposing(accountOf(state, order), order) < qty) return undefined;
  const reference = priceFromBar(bar.open);
  const quote: Quote = { price: slip(config.slippage, order.side, reference), reference, rule: "open" };
  const { start: barStart } = bar;
  return [fillEvent({ state, order, quote, at: moment.at, isCapped: false, barStart, sizedQty: undefined }, qty)];
}

/** R8: an order that fits under the cap fills at the open; one that does not waits for the bar's end (R28). */
function evaluateOpen(encounter: Encounter): Events {
  const { state, order, bar } = encounter;
  // One fill a bar: after a restart an open may come up a second time.
  if (order.filledIn === bar.start) return NOTHING;
  const verdict = atOpen(encounter);
  const triggered = verdict.isTriggered ? triggerEvents(encounter, verdict) : NOTHING;
  const quote = officialQuote(order, verdict.quote);
  if (quote === undefined || bar.volume <= 0) return triggered;
  const size = sizeAt(encounter, quote.price);
  if (size.remaining <= 0n) return [...triggered, ...nothingLeft(encounter)];
  const free = capOf(encounter);
  if (free === undefined || size.remaining <= free) {
    const fills = fillEvents(encounter, quote, { size, qty: size.remaining, isCapped: false });
    return triggered.length === 0 ? fills : [...triggered, ...fills];
  }
  if (state.config.volumeBasis === "bar" || isFok(encounter) || free <= 0n) return triggered;
  return [...triggered, ...fillEvents(encounter, quote, { size, qty: free, isCapped: true })];
}

/** In the auction everybody gets the official price; elsewhere a taker pays slippage. */
function officialQuote(order: Order, quote: Quote | undefined): Quote | undefined {
  return order.timeInForce === "opg" && quote !== undefined ? { ...quote, price: quote.reference } : quote;
}

/** R17, R18: an order that has but this bar, and that its open did not make marketable, ends at once. */
function evaluateLeftover(encounter: Encounter): Events {
  const { state, order, bar } = encounter;
  if (!isOneBar(encounter)) return NOTHING;
  if (atOpen(encounter).quote === undefined) return leave(encounter, "not_marketable_at_open");
  if (order.filledIn === bar.start) return leave(encounter, "unfilled_remainder");
  const isDecided = state.config.volumeBasis === "trailing" && bar.volume > 0;
  return isDecided ? leave(encounter, "volume_cap") : NOTHING;
}

/** Whether events end an order: by filling it, or otherwise. */
export function isOver(order: Order, events: Events): boolean {
  let [total, done] = [order.totalQty, order.filledQty as bigint];
  for (const event of events) {
    if (!("order" in event) || event.order !== order.ordinal) continue;
    if (event.kind === "order_canceled" || event.kind === "order_rejected" || event.kind === "order_expired")
      return true;
    if (event.kind === "order_reduced") total = event.qty;
    if (event.kind !== "order_filled") continue;
    done += event.qty;
    total ??= event.sizedQty;
  }
  return done === total;
}

/** R9: what depends on high, low, close or volume. */
function evaluateEnd(encounter: Encounter): Events {
  const { order, bar } = encounter;
  if (order.wokenIn === bar.start) return endOfEntryBar(encounter);
  if (bar.start < order.effectiveAt) {
    if (!hasCloseOnly(encounter)) return NOTHING;
    const verdict = atCloseOnly(encounter);
    return [...triggerEvents(encounter, verdict), ...slice(encounter, verdict.quote, false)];
  }
  if (order.filledIn === bar.start) return NOTHING;
  const openQuote = officialQuote(order, atOpen(encounter).quote);
  if (openQuote !== undefined) return endOfOpenSlice(encounter, openQuote);
  if (isOneBar(encounter)) return NOTHING;
  const verdict = atEnd(encounter);
  return [...triggerEvents(encounter, verdict), ...slice(encounter, verdict.quote, false)];
}

/** R4: whether the close of a bar that began before the order is the order's. */
const hasCloseOnly = (encounter: Encounter): boolean =>
  encounter.state.config.partialDayBar === "close_only" &&
  encounter.bar.isDay &&
  encounter.order.effectiveAt < encounter.bar.end &&
  !isOneBar(encounter);

/** R25: the stop loss if the bar reaches it, the target only where it is certain. */
function endOfEntryBar(encounter: Encounter): Events {
  const { state, order } = encounter;
  const entry = entryOf(state, order);
  if (entry === undefined) return NOTHING;
  const other = siblingsOf(state, order).find((each) => each.leg === "stop_loss");
  const verdict = insideEntryBar(encounter, entry, other);
  return [...triggerEvents(encounter, verdict), ...slice(encounter, verdict.quote, false)];
}

/** The slice of an order that was marketable at the open but did not fit: priced at the open, reported now (R28). */
function endOfOpenSlice(encounter: Encounter, quote: Quote): Events {
  const { bar, state } = encounter;
  if (isFok(encounter)) return leave(encounter, bar.volume > 0 ? "volume_cap" : "no_volume");
  const fills = state.config.volumeBasis === "bar" ? slice(encounter, quote, true) : NOTHING;
  if (!isOneBar(encounter) || isOver(encounter.order, fills)) return fills;
  return [...fills, ...leave(encounter, bar.volume > 0 ? "unfilled_remainder" : "no_volume")];
}

/** As much of an order as the cap leaves. */
function slice(encounter: Encounter, quote: Quote | undefined, isCapped: boolean): Events {
  if (quote === undefined || encounter.bar.volume <= 0) return NOTHING;
  const size = sizeAt(encounter, quote.price);
  if (size.remaining <= 0n) return nothingLeft(encounter);
  const free = capOf(encounter);
  const qty = free === undefined ? size.remaining : smaller(size.remaining, free);
  return qty > 0n ? fillEvents(encounter, quote, { size, qty, isCapped }) : NOTHING;
}

function capOf({ state, order, bar, tape }: Encounter): Quantity | undefined {
  if (state.config.participation === null) return undefined;
  return capLeft({ config: state.config, account: accountOf(state, order), symbol: order.symbol, bar, tape });
}

export interface Size {
  readonly remaining: Quantity;
  /** Set where a notional order gets its size now. */
  readonly sizedQty: Quantity | undefined;
}

/** What is left of an order; a notional order is sized by its first price, and what closes never goes beyond what is held. */
function sizeAt({ state, order }: Encounter, at: Price): Size {
  const { totalQty, filledQty } = order;
  if (totalQty !== undefined) {
    const left = quantity(totalQty - filledQty);
    const isFree = order.isOpening || order.isFlip === true;
    return { remaining: isFree ? left : smaller(left, opposing(accountOf(state, order), order)), sizedQty: undefined };
  }
  assert(order.notional !== undefined, "Invariant: an order has a quantity or a notional");
  const sized = sharesFor(order.notional, at);
  const bound = order.isOpening ? sized : smaller(sized, closable(state, accountOf(state, order), order));
  return { remaining: bound, sizedQty: bound };
}

interface FillSize {
  readonly size: Size;
  readonly qty: Quantity;
  readonly isCapped: boolean;
}

function fillEvents(encounter: Encounter, quote: Quote, fill: FillSize): Events {
  const { state, order, moment, bar, tape } = encounter;
  const reason = moneyProblem({ state, order, tape, at: moment.at }, quote, fill.size.remaining);
  if (reason !== undefined) {
    return ended(state, order, { kind: "order_rejected", at: moment.at, order: order.ordinal, reason });
  }
  const isWhole = state.config.partialFills === 0 || isFok(encounter) || fill.size.sizedQty !== undefined;
  const qty = isWhole ? fill.qty : partOf(state.config, order.ordinal, bar.start, fill.qty);
  return filled({
    state,
    order,
    quote,
    at: moment.at,
    qty,
    isCapped: fill.isCapped,
    barStart: bar.start,
    sizedQty: fill.size.sizedQty,
    isAtBarEnd: moment.phase === PHASE.barEnd,
  });
}

/** A fill that has been decided, with everything that it brings about. */
export interface Fill {
  readonly state: State;
  readonly order: Order;
  readonly quote: Quote;
  readonly at: Moment["at"];
  readonly qty: Quantity;
  readonly isCapped: boolean;
  readonly isAtBarEnd: boolean;
  readonly barStart: Moment["at"];
  readonly sizedQty: Quantity | undefined;
}

export function filled(fill: Fill): Events {
  const { state, order, qty, at, quote } = fill;
  if (isAlone(fill)) return [fillEvent(fill, qty)];
  const total = order.totalQty ?? fill.sizedQty ?? NO_SHARES;
  const open = quantity(total - order.filledQty);
  const held =
    order.isOpening || order.isFlip === true ? open : smaller(open, opposing(accountOf(state, order), order));
  const left = quantity(held - qty);
  const shrunk: Events =
    held < open ? [{ kind: "order_reduced", at, order: order.ordinal, qty: quantity(order.filledQty + held) }] : [];
  const parts = crossing(fill).map((part) => fillEvent(fill, part));
  const { rule } = quote;
  const { isCapped, isAtBarEnd, barStart } = fill;
  return [...shrunk, ...parts, ...followersOf(state, order, { at, rule, isCapped, isAtBarEnd, barStart, left })];
}

/** Whether a fill concerns its order alone: no group, and nothing of it that has to give way to what is held. */
function isAlone({ state, order }: Fill): boolean {
  if (order.orderClass !== undefined || order.isFlip === true) return false;
  if (order.isOpening) return true;
  return order.totalQty !== undefined && order.totalQty - order.filledQty <= opposing(accountOf(state, order), order);
}

/** An order that crosses zero closes first and opens with the rest, at the same price (R34). */
function crossing({ state, order, qty }: Fill): readonly Quantity[] {
  if (order.isFlip !== true) return [qty];
  const closing = smaller(qty, opposing(accountOf(state, order), order));
  return [closing, quantity(qty - closing)].filter((part) => part > 0n);
}

type Priced = Omit<Fill, "qty" | "isAtBarEnd">;

function fillEvent({ state, order, quote, at, isCapped, barStart, sizedQty }: Priced, qty: Quantity): EngineEvent {
  const cash = valueOf(qty, quote.price);
  const fees = feesOf(state.config, at, { side: order.side, qty, cash });
  return {
    kind: "order_filled",
    at,
    order: order.ordinal,
    qty,
    price: quote.price,
    cash,
    rule: quote.rule,
    isCapped,
    referencePrice: quote.reference,
    slippage: price(absolute(quote.price - quote.reference)),
    barStart,
    sizedQty,
    secFee: fees.secFee,
    tafFee: fees.tafFee,
    catFee: fees.catFee,
  };
}

/** An order accepted while no price was known has the money for what it opens checked at its first fill. */
export function moneyProblem(
  { state, order, tape, at }: Pick<Encounter, "state" | "order" | "tape"> & { readonly at: Instant },
  quote: Quote,
  remaining: Quantity,
): string | undefined {
  if (order.isPriced || order.filledQty > 0n) return undefined;
  const account = accountOf(state, order);
  const opened = quantity(larger(remaining - opposing(account, order), 0n));
  return fundsProblem(accountFigures(state, account, tape.knownAt(at)), valueOf(opened, quote.price));
}

/** Other orders have closed the position, or hold all of it; or a notional order buys less than 10⁻⁹ of a share. */
function nothingLeft({ state, order, moment }: Encounter): Events {
  const { at } = moment;
  if (order.totalQty !== undefined) return ended(state, order, cancelEvent(order, at, "position_closed"));
  const reason = order.isOpening
    ? "notional buys less than 0.000000001 shares"
    : "insufficient qty available for order";
  return ended(state, order, { kind: "order_rejected", at, order: order.ordinal, reason });
}

function triggerEvents({ order, bar, moment }: Encounter, verdict: Verdict): Events {
  if (!verdict.isTriggered) return NOTHING;
  const { trail } = verdict;
  const stood = trail === undefined ? {} : { mark: trail.mark, stopPrice: trail.stop };
  return [{ kind: "order_triggered", at: moment.at, order: order.ordinal, barStart: bar.start, ...stood }];
}

function cancelEvent(order: Order, at: Moment["at"], reason: CancelReason): Ending {
  return { kind: "order_canceled", at, order: order.ordinal, reason };
}

/** An order that had its chance: an auction's leftover ends as the config says, any other is canceled. */
function leave({ state, order, moment }: Encounter, reason: CancelReason): Events {
  return ended(state, order, leftoverOf(state, order, moment.at, reason));
}

export function leftoverOf(state: State, order: Order, at: Moment["at"], reason: CancelReason): Ending {
  const isAuction = order.timeInForce === "opg" || order.timeInForce === "cls";
  if (!isAuction) return cancelEvent(order, at, reason);
  if (state.config.auctionLeftover === "canceled") return cancelEvent(order, at, "auction_leftover");
  return { kind: "order_expired", at, order: order.ordinal, reason: "auction_leftover" };
}

export function accountOf(state: State, order: Order): Account {
  return state.accounts[order.account - 1] ?? missing("Invariant: an order belongs to an account that exists");
}
