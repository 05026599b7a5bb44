/** What commands and events from outside must look like before anything is made of them. */
import type {
  AccountConfiguration,
  Accrual,
  CancelReason,
  CloseAmount,
  Command,
  EngineEvent,
  EntryType,
  FillRule,
  HoldingAfter,
  LegRole,
  OpeningPosition,
  OrderChanges,
  OrderTerms,
  PauseReason,
} from "../../engine/index.ts";
import {
  CLIENT_ORDER_ID_LENGTH_MAX,
  NAME_LENGTH_MAX,
  parseDate,
  PLAYBACK_SPEED_MAX,
  PROFILE_LENGTH_MAX,
} from "../../kernel/index.ts";
import {
  above,
  kinds,
  list,
  matching,
  moment,
  oneOf,
  optional,
  ordinal,
  record,
  text,
  truth,
  units,
  whole,
  type Check,
  type Shape,
} from "./shape.ts";

const name = matching(new RegExp(`^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]{0,${NAME_LENGTH_MAX}}$`));
const symbol = matching(/^[A-Z][A-Z0-9./-]{0,31}$/);
const date: Check = (value) => typeof value === "string" && parseDate(value) !== undefined;
const speed = above(0, PLAYBACK_SPEED_MAX);
const config: Check = (value) => typeof value === "object" && value !== null;

const profile: Check = (value) => {
  if (typeof value !== "string" || value.length > PROFILE_LENGTH_MAX) return false;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
};

const leg = oneOf<LegRole>({ take_profit: true, stop_loss: true });
const pauseReason = oneOf<PauseReason>({
  asked: true,
  completed: true,
  restarted: true,
  failed: true,
  data_changed: true,
  forked: true,
  rewound: true,
});
const timeInForce = oneOf<OrderTerms["timeInForce"]>({
  day: true,
  gtc: true,
  opg: true,
  cls: true,
  ioc: true,
  fok: true,
});
const fillRule = oneOf<FillRule>({
  open: true,
  open_limit: true,
  through_limit: true,
  gap_stop: true,
  touch_stop: true,
  gap_stop_limit: true,
  touch_stop_limit: true,
  stop_limit_by_close: true,
  gap_trail: true,
  trail_old_stop: true,
  trail_new_stop: true,
  same_bar_stop: true,
  same_bar_target: true,
  close_auction: true,
  close_only: true,
});
const cancelReason = oneOf<CancelReason>({
  asked: true,
  not_marketable_at_open: true,
  no_volume: true,
  volume_cap: true,
  unfilled_remainder: true,
  auction_leftover: true,
  sibling_filled: true,
  sibling_canceled: true,
  entry_not_filled: true,
  position_closed: true,
  margin_call: true,
  corporate_action: true,
});
const entryType = oneOf<EntryType>({
  CSD: true,
  CSW: true,
  DIV: true,
  FEE: true,
  INT: true,
  SPLIT: true,
  NC: true,
  MA: true,
  REORG: true,
});
const accrual = oneOf<Accrual>({ sec: true, taf: true, cat: true, interest: true, borrow: true });

const TERMS: Shape<OrderTerms> = {
  symbol,
  side: oneOf<OrderTerms["side"]>({ buy: true, sell: true }),
  type: oneOf<OrderTerms["type"]>({ market: true, limit: true, stop: true, stop_limit: true, trailing_stop: true }),
  timeInForce,
  qty: optional(units),
  notional: optional(units),
  limitPrice: optional(units),
  stopPrice: optional(units),
  trailPrice: optional(units),
  trailPercent: optional(units),
  extendedHours: truth,
  clientOrderId: optional(text(CLIENT_ORDER_ID_LENGTH_MAX)),
  orderClass: optional(oneOf<NonNullable<OrderTerms["orderClass"]>>({ bracket: true, oco: true, oto: true })),
  takeProfit: optional(units),
  stopLoss: optional(units),
  stopLossLimit: optional(units),
};

const CONFIGURATION: Shape<AccountConfiguration> = {
  fractionalTrading: truth,
  maxMarginMultiplier: oneOf<1 | 2 | 4>({ 1: true, 2: true, 4: true }),
  noShorting: truth,
  suspendTrade: truth,
  pdtCheck: oneOf<AccountConfiguration["pdtCheck"]>({ both: true, entry: true, exit: true }),
  dtbpCheck: oneOf<AccountConfiguration["dtbpCheck"]>({ both: true, entry: true, exit: true }),
  tradeConfirmEmail: oneOf<AccountConfiguration["tradeConfirmEmail"]>({ all: true, none: true }),
  ptpNoExceptionEntry: truth,
  disableOvernightTrading: truth,
};

const CHANGES = Object.fromEntries(
  Object.entries(CONFIGURATION).map(([field, check]) => [field, optional(check)]),
) as Shape<AccountConfiguration>;

const holding = record<HoldingAfter>({
  symbol,
  qty: units,
  qtyChange: units,
  avgEntryPrice: units,
  costBasis: units,
});

const SPEC = { name: optional(name), startTime: moment, endTime: moment, initialCash: units, config };

/** Whether a value is a command. */
export const isCommand = kinds<Command>({
  create_session: SPEC,
  update_session: { name: optional(name), endTime: optional(moment) },
  play: {},
  pause: { reason: pauseReason },
  set_speed: { speed },
  accept_data: {},
  configure_session: { config },
  advance: { until: moment },
  open_account: { initialCash: optional(units), profile },
  update_account: { account: ordinal, profile },
  close_account: { account: ordinal },
  configure_account: { account: ordinal, changes: record(CHANGES) },
  transfer_cash: { account: ordinal, netAmount: units },
  submit_order: { account: ordinal, terms: record(TERMS) },
  replace_order: {
    account: ordinal,
    order: ordinal,
    changes: record<OrderChanges>({
      qty: optional(units),
      timeInForce: optional(timeInForce),
      limitPrice: optional(units),
      stopPrice: optional(units),
      trail: optional(units),
      clientOrderId: optional(text(CLIENT_ORDER_ID_LENGTH_MAX)),
    }),
  },
  cancel_order: { account: ordinal, order: ordinal },
  cancel_all_orders: { account: ordinal },
  close_position: {
    account: ordinal,
    symbol,
    amount: record<CloseAmount>({ qty: optional(units), percentage: optional(units) }),
  },
});

const AT = { at: moment };
const OF_ACCOUNT = { at: moment, account: ordinal };
const OF_ORDER = { at: moment, order: ordinal };

/** Whether a value is an event. */
export const isEvent = kinds<EngineEvent>({
  session_created: { ...SPEC, ...AT },
  session_renamed: { ...AT, name },
  session_extended: { ...AT, endTime: moment },
  session_completed: AT,
  playback_started: AT,
  playback_paused: { ...AT, reason: pauseReason },
  data_accepted: AT,
  session_configured: { ...AT, config },
  playback_speed_set: { ...AT, speed },
  account_opened: {
    ...OF_ACCOUNT,
    initialCash: units,
    positions: list(record<OpeningPosition>({ symbol, qty: units, avgEntryPrice: units })),
    profile,
  },
  account_updated: { ...OF_ACCOUNT, profile },
  account_closed: OF_ACCOUNT,
  account_configured: { ...OF_ACCOUNT, configuration: record(CONFIGURATION) },
  account_entry: {
    ...OF_ACCOUNT,
    entry: entryType,
    subType: optional(text()),
    symbol: optional(symbol),
    netAmount: units,
    realized: units,
    qty: optional(units),
    price: optional(units),
    perShare: optional(units),
    holdings: list(holding),
    oldRate: optional(units),
    newRate: optional(units),
    posts: optional(accrual),
    pays: optional(ordinal),
    date,
    description: text(),
  },
  dividend_entitled: {
    ...OF_ACCOUNT,
    entitlement: ordinal,
    symbol,
    qty: units,
    perShare: units,
    netAmount: units,
    exDate: date,
    payDate: date,
    paysAt: moment,
  },
  cost_accrued: { ...OF_ACCOUNT, accrual: oneOf({ interest: true, borrow: true }), accrued: units },
  margin_called: { ...OF_ACCOUNT, equity: units, maintenance: units },
  margin_call_met: OF_ACCOUNT,
  order_accepted: {
    ...OF_ORDER,
    ...TERMS,
    account: ordinal,
    nanos: whole(0, 999_999_999),
    effectiveAt: moment,
    opensAt: moment,
    expiresAt: optional(moment),
    reserved: units,
    isPriced: truth,
    isOpening: truth,
    triggeredBy: optional(moment),
    replaces: optional(ordinal),
    parent: optional(ordinal),
    leg: optional(leg),
    isHeld: optional(truth),
    collar: optional(units),
    mark: optional(units),
    isFlip: optional(truth),
    source: optional(oneOf({ margin_call: true })),
  },
  order_opened: OF_ORDER,
  order_woken: { ...OF_ORDER, barStart: optional(moment) },
  order_reduced: { ...OF_ORDER, qty: units },
  order_adjusted: {
    ...OF_ORDER,
    reason: oneOf({ split: true, cash_dividend: true }),
    qty: optional(units),
    limitPrice: optional(units),
    stopPrice: optional(units),
    trailPrice: optional(units),
    collar: optional(units),
    mark: optional(units),
  },
  order_cancel_requested: { ...OF_ORDER, barStart: moment },
  order_triggered: { ...OF_ORDER, barStart: moment, mark: optional(units), stopPrice: optional(units) },
  order_filled: {
    ...OF_ORDER,
    qty: units,
    price: units,
    cash: units,
    rule: fillRule,
    isCapped: truth,
    referencePrice: units,
    slippage: units,
    barStart: moment,
    sizedQty: optional(units),
    secFee: optional(units),
    tafFee: optional(units),
    catFee: optional(units),
  },
  order_canceled: { ...OF_ORDER, reason: cancelReason },
  order_expired: { ...OF_ORDER, reason: optional(oneOf({ auction_leftover: true })) },
  order_rejected: { ...OF_ORDER, reason: text() },
  order_replaced: { ...OF_ORDER, by: ordinal },
});
