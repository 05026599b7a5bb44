import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command, EngineConfig, EngineEvent } from "../engine/index.ts";
import { cash, instant, price, quantity, type CivilDate } from "../kernel/index.ts";
import type { JournalEntry } from "../sessions/index.ts";
import { chainHash, GENESIS_HASH } from "./chain.ts";
import { decodeEntry, encodeEntry } from "./codec.ts";
import { EntryText } from "./recorded-entry.ts";

type Arbitraries<T extends { kind: string }> = {
  readonly [Kind in T["kind"]]: fc.Arbitrary<Extract<T, { kind: Kind }>>;
};

const units = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
const aCash = units.map(cash);
const aPrice = units.map(price);
const aQty = units.map(quantity);
const at = fc.integer({ min: 0, max: 4e12 }).map(instant);
const ordinal = fc.integer({ min: 1, max: 1e9 });
/** Any UTF-16 code units, lone surrogates and U+0000 included. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
  fc.constantFrom("", "\ud800", "\u0000", "\u2028", '"}', "__proto__", "1.5", "\\u0000", ',"events":[', "\\"),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const tif = fc.constantFrom("day", "gtc", "opg", "cls", "ioc", "fok");
const rate = fc.oneof(
  fc.constant({ model: "none" } as const),
  fc.record({ model: fc.constant("flat"), args: fc.tuple(number) }),
);

const config: fc.Arbitrary<EngineConfig> = fc.record({
  profile: fc.constantFrom("conservative", "ideal", "alpaca_paper", "alpaca_live", "pessimist"),
  tradingHours: fc.constantFrom("extended", "regular"),
  slippage: fc.oneof(
    fc.constant({ model: "none" } as const),
    fc.record({ model: fc.constant("bps"), args: fc.tuple(number) }),
    fc.record({ model: fc.constant("tick_or_bps"), args: fc.tuple(number, number) }),
  ),
  participation: fc.option(number),
  volumeBasis: fc.constantFrom("bar", "trailing"),
  partialFills: number,
  limitRule: fc.constantFrom("through", "through_by_tick", "touch"),
  intrabar: fc.constantFrom("worst_case", "adaptive", "ohlc", "olhc"),
  partialDayBar: fc.constantFrom("close_only", "skip"),
  openEqual: fc.constantFrom("take", "skip"),
  cancelRace: fc.constantFrom("cancel_wins", "fill_wins"),
  latencyMs: number,
  gtcDays: fc.option(fc.integer()),
  clsCutOffMinutes: fc.integer(),
  auctionLeftover: fc.constantFrom("expired", "canceled"),
  alpacaBuyStopCollar: fc.boolean(),
  marketCollar: fc.option(number),
  flip: fc.constantFrom("refuse", "split"),
  fees: fc.constantFrom("us_equity", "none"),
  borrow: rate,
  interest: rate,
  margin: fc.constantFrom("reg_t", "cash"),
  marginCall: fc.constantFrom("liquidate_next_open", "flag_only", "immediate"),
  pdt: fc.constantFrom("by_date", "legacy", "none"),
  dividends: fc.constantFrom("pay_date", "ex_date", "none"),
  splitFractions: fc.constantFrom("keep", "cash"),
  seed: fc.integer(),
  initialPositions: fc.array(fc.record({ symbol: text, qty: text, avgEntryPrice: text }), { maxLength: 3 }),
  rulesVersion: fc.integer(),
});

const session = { name: maybe(text), startTime: at, endTime: at, initialCash: aCash, config };
const terms = {
  symbol: text,
  side: fc.constantFrom("buy", "sell"),
  type: fc.constantFrom("market", "limit", "stop", "stop_limit", "trailing_stop"),
  timeInForce: tif,
  qty: maybe(aQty),
  notional: maybe(aCash),
  limitPrice: maybe(aPrice),
  stopPrice: maybe(aPrice),
  trailPrice: maybe(aPrice),
  trailPercent: maybe(units),
  extendedHours: fc.boolean(),
  clientOrderId: maybe(text),
  orderClass: maybe(fc.constantFrom("bracket", "oco", "oto")),
  takeProfit: maybe(aPrice),
  stopLoss: maybe(aPrice),
  stopLossLimit: maybe(aPrice),
} as const;
const configuration = {
  fractionalTrading: fc.boolean(),
  maxMarginMultiplier: fc.constantFrom(1, 2, 4),
  noShorting: fc.boolean(),
  suspendTrade: fc.boolean(),
  pdtCheck: fc.constantFrom("both", "entry", "exit"),
  dtbpCheck: fc.constantFrom("both", "entry", "exit"),
  tradeConfirmEmail: fc.constantFrom("all", "none"),
  ptpNoExceptionEntry: fc.boolean(),
  disableOvernightTrading: fc.boolean(),
} as const;
const date = fc.constantFrom("2024-02-09", "2024-12-31").map((each) => each as CivilDate);
const holding = fc.record({ symbol: text, qty: aQty, qtyChange: aQty, avgEntryPrice: aPrice, costBasis: aCash });
const pauseReason = fc.constantFrom("asked", "completed", "restarted", "failed", "data_changed", "forked", "rewound");

type EventOf<Kind> = Extract<EngineEvent, { kind: Kind }>;
type CommandOf<Kind> = Extract<Command, { kind: Kind }>;
type Fields<T> = { readonly [Key in Exclude<keyof T, "kind" | "at">]: fc.Arbitrary<T[Key]> };

const event = <Kind extends EngineEvent["kind"]>(kind: Kind, fields: Fields<EventOf<Kind>>) =>
  fc.record({ kind: fc.constant(kind), at, ...fields }) as unknown as fc.Arbitrary<EventOf<Kind>>;
const command = <Kind extends Command["kind"]>(kind: Kind, fields: Fields<CommandOf<Kind>>) =>
  fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<CommandOf<Kind>>;

const EVENTS: Arbitraries<EngineEvent> = {
  session_created: event("session_created", session),
  session_renamed: event("session_renamed", { name: text }),
  session_extended: event("session_extended", { endTime: at }),
  session_completed: event("session_completed", {}),
  data_accepted: event("data_accepted", {}),
  session_configured: event("session_configured", { config: session.config }),
  playback_started: event("playback_started", {}),
  playback_paused: event("playback_paused", { reason: pauseReason }),
  playback_speed_set: event("playback_speed_set", { speed: number }),
  account_opened: event("account_opened", {
    account: ordinal,
    initialCash: aCash,
    positions: fc.array(fc.record({ symbol: text, qty: aQty, avgEntryPrice: aPrice }), { maxLength: 3 }),
    profile: text,
  }),
  account_updated: event("account_updated", { account: ordinal, profile: text }),
  account_closed: event("account_closed", { account: ordinal }),
  order_accepted: event("order_accepted", {
    ...terms,
    order: ordinal,
    account: ordinal,
    nanos: fc.integer({ min: 0, max: 999_999 }),
    effectiveAt: at,
    opensAt: at,
    expiresAt: maybe(at),
    reserved: aCash,
    isPriced: fc.boolean(),
    isOpening: fc.boolean(),
    triggeredBy: maybe(at),
    replaces: maybe(ordinal),
    parent: maybe(ordinal),
    leg: maybe(fc.constantFrom("take_profit", "stop_loss")),
    isHeld: maybe(fc.boolean()),
    collar: maybe(aPrice),
    mark: maybe(aPrice),
    isFlip: maybe(fc.boolean()),
    source: maybe(fc.constant("margin_call")),
  }),
  account_configured: event("account_configured", { account: ordinal, configuration: fc.record(configuration) }),
  account_entry: event("account_entry", {
    account: ordinal,
    entry: fc.constantFrom("CSD", "DIV", "FEE", "SPLIT"),
    subType: maybe(text),
    symbol: maybe(text),
    netAmount: aCash,
    realized: aCash,
    qty: maybe(aQty),
    price: maybe(aPrice),
    perShare: maybe(aPrice),
    oldRate: maybe(units),
    newRate: maybe(units),
    holdings: fc.array(holding, { maxLength: 2 }),
    posts: maybe(fc.constantFrom("sec", "taf", "cat", "interest", "borrow")),
    pays: maybe(ordinal),
    date,
    description: text,
  }),
  dividend_entitled: event("dividend_entitled", {
    account: ordinal,
    entitlement: ordinal,
    symbol: text,
    qty: aQty,
    perShare: aPrice,
    netAmount: aCash,
    exDate: date,
    payDate: date,
    paysAt: at,
  }),
  cost_accrued: event("cost_accrued", {
    account: ordinal,
    accrual: fc.constantFrom("interest", "borrow"),
    accrued: units,
  }),
  margin_called: event("margin_called", { account: ordinal, equity: aCash, maintenance: aCash }),
  margin_call_met: event("margin_call_met", { account: ordinal }),
  order_woken: event("order_woken", { order: ordinal, barStart: maybe(at) }),
  order_reduced: event("order_reduced", { order: ordinal, qty: aQty }),
  order_adjusted: event("order_adjusted", {
    order: ordinal,
    reason: fc.constantFrom("split", "cash_dividend"),
    qty: maybe(aQty),
    limitPrice: maybe(aPrice),
    stopPrice: maybe(aPrice),
    trailPrice: maybe(aPrice),
    collar: maybe(aPrice),
    mark: maybe(aPrice),
  }),
  order_cancel_requested: event("order_cancel_requested", { order: ordinal, barStart: at }),
  order_opened: event("order_opened", { order: ordinal }),
  order_triggered: event("order_triggered", {
    order: ordinal,
    barStart: at,
    mark: maybe(aPrice),
    stopPrice: maybe(aPrice),
  }),
  order_filled: event("order_filled", {
    order: ordinal,
    qty: aQty,
    price: aPrice,
    cash: aCash,
    rule: fc.constantFrom("open", "through_limit", "close_only"),
    isCapped: fc.boolean(),
    referencePrice: aPrice,
    slippage: aPrice,
    barStart: at,
    sizedQty: maybe(aQty),
    secFee: maybe(units),
    tafFee: maybe(units),
    catFee: maybe(units),
  }),
  order_canceled: event("order_canceled", { order: ordinal, reason: fc.constantFrom("asked", "volume_cap") }),
  order_expired: event("order_expired", { order: ordinal, reason: maybe(fc.constant("auction_leftover")) }),
  order_rejected: event("order_rejected", { order: ordinal, reason: text }),
  order_replaced: event("order_replaced", { order: ordinal, by: ordinal }),
};

const COMMANDS: Arbitraries<Command> = {
  create_session: command("create_session", session),
  update_session: command("update_session", { name: maybe(text), endTime: maybe(at) }),
  play: command("play", {}),
  accept_data: command("accept_data", {}),
  configure_session: command("configure_session", { config: session.config }),
  pause: command("pause", { reason: pauseReason }),
  set_speed: command("set_speed", { speed: number }),
  advance: command("advance", { until: at }),
  open_account: command("open_account", { initialCash: maybe(aCash), profile: text }),
  update_account: command("update_account", { account: ordinal, profile: text }),
  close_account: command("close_account", { account: ordinal }),
  configure_account: command("configure_account", {
    account: ordinal,
    changes: fc.record(configuration, { requiredKeys: [] }),
  }),
  transfer_cash: command("transfer_cash", { account: ordinal, netAmount: aCash }),
  submit_order: command("submit_order", { account: ordinal, terms: fc.record(terms) }),
  replace_order: command("replace_order", {
    account: ordinal,
    order: ordinal,
    changes: fc.record(
      {
        qty: maybe(aQty),
        timeInForce: maybe(tif),
        limitPrice: maybe(aPrice),
        stopPrice: maybe(aPrice),
        trail: maybe(units),
        clientOrderId: maybe(text),
      },
      { requiredKeys: [] },
    ),
  }),
  cancel_order: command("cancel_order", { account: ordinal, order: ordinal }),
  cancel_all_orders: command("cancel_all_orders", { account: ordinal }),
  close_position: command("close_position", {
    account: ordinal,
    symbol: text,
    amount: fc.record({ qty: maybe(aQty), percentage: maybe(units) }),
  }),
};

const anEvent: fc.Arbitrary<EngineEvent> = fc.oneof(...Object.values<fc.Arbitrary<EngineEvent>>(EVENTS));
const aCommand: fc.Arbitrary<Command> = fc.oneof(...Object.values<fc.Arbitrary<Command>>(COMMANDS));
const anEntry: fc.Arbitrary<JournalEntry> = fc.record({
  seq: ordinal,
  at,
  command: aCommand,
  events: fc.array(anEvent, { maxLength: 5 }),
});

function expectRoundTrip(entry: JournalEntry): void {
  expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
}

describe("the codec of entries", () => {
  for (const [kind, arbitrary] of Object.entries<fc.Arbitrary<EngineEvent>>(EVENTS)) {
    it(`gives back every ${kind} event exactly`, () => {
      const entries = arbitrary.map((one): JournalEntry => ({
        seq: 1,
        at: one.at,
        command: { kind: "play" },
        events: [one, one],
      }));
      fc.assert(fc.property(entries, expectRoundTrip));
    });
  }

  for (const [kind, arbitrary] of Object.entries<fc.Arbitrary<Command>>(COMMANDS)) {
    it(`gives back every ${kind} command exactly`, () => {
      const entries = arbitrary.map((one): JournalEntry => ({ seq: 1, at: instant(0), command: one, events: [] }));
      fc.assert(fc.property(entries, expectRoundTrip));
    });
  }

  it("writes one text for one meaning, whatever the order of the fields and the absent ones", () => {
    const shuffle = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffle);
      if (typeof value !== "object" || value === null) return value;
      const fields = Object.entries(value).map(([key, field]) => [key, shuffle(field)]);
      return Object.fromEntries([["unused", undefined], ...fields.reverse()]);
    };
    fc.assert(
      fc.property(anEntry, (entry) => {
        expect(encodeEntry(shuffle(entry) as JournalEntry)).toBe(encodeEntry(entry));
      }),
    );
  });

  it("writes text that every UTF-8 store keeps: no lone surrogate, no control character", () => {
    fc.assert(
      fc.property(anEntry, (entry) => {
        const payload = encodeEntry(entry);
        expect(new TextDecoder().decode(new TextEncoder().encode(payload))).toBe(payload);
        expect(payload).not.toMatch(/[\u0000-\u001f]/);
      }),
    );
  });

  it("leaves what happened as text, which tells these events from all others", () => {
    fc.assert(
      fc.property(anEntry, anEntry, (entry, other) => {
        const recorded = new EntryText(entry.seq, encodeEntry(entry));
        const decoded = decodeEntry(encodeEntry(entry));
        expect([recorded.at, recorded.command, recorded.events()]).toEqual([entry.at, decoded.command, decoded.events]);
        expect(recorded.isOf(entry.events)).toBe(true);
        const isSame = encodeEntry({ ...entry, events: other.events }) === encodeEntry(entry);
        expect(recorded.isOf(other.events)).toBe(isSame);
        expect(recorded.isOf([...entry.events, ...entry.events.slice(-1)])).toBe(entry.events.length === 0);
      }),
    );
  });

  it("gives different hashes to different entries", () => {
    fc.assert(
      fc.property(anEntry, anEntry, (a, b) => {
        const [first, second] = [encodeEntry(a), encodeEntry(b)];
        expect(chainHash(GENESIS_HASH, first) === chainHash(GENESIS_HASH, second)).toBe(first === second);
      }),
    );
  });
});
