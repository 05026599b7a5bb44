/** An order while it is written: what fields there are for it, the request that it makes, and what a refusal is about. */
import type { NewOrder } from "../api/order-types.ts";

export const TYPES = {
  market: "Market",
  limit: "Limit",
  stop: "Stop",
  stop_limit: "Stop limit",
  trailing_stop: "Trailing stop",
} as const;

export const CLASSES = {
  simple: "Single order",
  bracket: "Bracket: target and stop",
  oto: "One triggers the other",
  oco: "One cancels the other",
} as const;

/** What each means, in a sentence. */
export const TIMES_IN_FORCE = {
  day: "Day: until the close",
  gtc: "GTC: until it is canceled",
  opg: "OPG: at the open only",
  cls: "CLS: at the close only",
  ioc: "IOC: at once, the rest is canceled",
  fok: "FOK: all at once or not at all",
} as const;

export interface TicketDraft {
  readonly side: "buy" | "sell";
  readonly symbol: string;
  /** Texts as they were typed. */
  readonly size: string;
  readonly unit: "shares" | "dollars";
  readonly type: keyof typeof TYPES;
  readonly limit: string;
  readonly stop: string;
  readonly trail: string;
  readonly trailUnit: "percent" | "dollars";
  readonly timeInForce: keyof typeof TIMES_IN_FORCE;
  readonly isExtended: boolean;
  readonly orderClass: keyof typeof CLASSES;
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly stopLossLimit: string;
}

export type TicketField = "symbol" | "size" | "limit" | "stop" | "trail" | "timeInForce" | "takeProfit" | "stopLoss";

export const emptyDraft = (side: TicketDraft["side"], symbol: string): TicketDraft => ({
  side,
  symbol,
  size: "",
  unit: "shares",
  type: "market",
  limit: "",
  stop: "",
  trail: "1",
  trailUnit: "percent",
  timeInForce: "day",
  isExtended: false,
  orderClass: "simple",
  takeProfit: "",
  stopLoss: "",
  stopLossLimit: "",
});

/** Whether a field has a meaning for the order as it is. */
export function hasField({ type, orderClass }: TicketDraft, field: "limit" | "stop" | "trail" | "legs"): boolean {
  if (field === "legs") return orderClass !== "simple";
  // The target is the limit of an order of two exits.
  if (orderClass === "oco") return false;
  if (field === "limit") return type === "limit" || type === "stop_limit";
  return field === "stop" ? type === "stop" || type === "stop_limit" : type === "trailing_stop";
}

/** The body of the request. What is not typed is left out: the server says what it misses. */
export function bodyOf(draft: TicketDraft): NewOrder {
  const { orderClass, unit, size } = draft;
  return {
    symbol: draft.symbol.trim(),
    side: draft.side,
    type: orderClass === "oco" ? "limit" : draft.type,
    time_in_force: draft.timeInForce,
    ...given(unit === "shares" ? "qty" : "notional", size),
    ...(hasField(draft, "limit") ? given("limit_price", draft.limit) : {}),
    ...(hasField(draft, "stop") ? given("stop_price", draft.stop) : {}),
    ...(hasField(draft, "trail")
      ? given(draft.trailUnit === "percent" ? "trail_percent" : "trail_price", draft.trail)
      : {}),
    ...(draft.isExtended ? { extended_hours: true } : {}),
    ...(hasField(draft, "legs") ? legsOf(draft) : {}),
  };
}

function legsOf({ orderClass, takeProfit, stopLoss, stopLossLimit }: TicketDraft): Partial<NewOrder> {
  const target = given("limit_price", takeProfit);
  const stop = { ...given("stop_price", stopLoss), ...given("limit_price", stopLossLimit) };
  return {
    order_class: orderClass,
    ...(takeProfit.trim() === "" ? {} : { take_profit: target }),
    ...(stopLoss.trim() === "" ? {} : { stop_loss: stop }),
  };
}

const given = <Name extends string>(name: Name, text: string): Partial<Record<Name, string>> =>
  text.trim() === "" ? {} : ({ [name]: text.trim() } as Record<Name, string>);

/** Words of refusals, each with the field that they are about; the first that is found counts. */
const ABOUT: readonly (readonly [RegExp, TicketField])[] = [
  [/take_profit/, "takeProfit"],
  [/stop_loss/, "stopLoss"],
  [/trail_(?:price|percent)/, "trail"],
  [/stop_price|stop price/, "stop"],
  [/limit_price|limit price/, "limit"],
  [/time_in_force|extended/, "timeInForce"],
  [/qty|notional|buying power|cost basis|shortable|insufficient|fraction/, "size"],
  [/symbol|asset/, "symbol"],
];

/** Undefined: about the order as a whole. */
export const fieldOf = (refusal: string): TicketField | undefined => ABOUT.find(([words]) => words.test(refusal))?.[1];
