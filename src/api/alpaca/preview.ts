/** What an order would do, were it placed now: nothing happens, and nothing is promised. */
import { Type, type Static } from "typebox";
import { previewOrder, type Account, type OrderPreview, type OrderTerms } from "../../engine/index.ts";
import { formatInstant, formatUnits, REFUSALS, type Instant, type Price, type Refusal } from "../../kernel/index.ts";
import { namedRefusal, type SessionView } from "../../sessions/index.ts";
import { Decimal, ErrorBody, NullableDecimal, NullableTime } from "../wire/schemas.ts";
import { isSayable } from "./order-waiting.ts";
import { decimal, ORDER_TYPES, time } from "./order.ts";

export const PreviewView = Type.Object({
  accepted: Type.Boolean(),
  refusal: Type.Union([ErrorBody, Type.Null()], { description: "What POST …/orders would answer instead." }),
  symbol: Type.String(),
  side: Type.Enum(["buy", "sell"]),
  type: Type.Enum(ORDER_TYPES),
  qty: NullableDecimal,
  notional: NullableDecimal,
  is_opening: Type.Boolean({ description: "Whether it opens or grows a position; the rest close one." }),
  estimated_price: NullableDecimal,
  cost_basis: NullableDecimal,
  estimated_fees: Decimal,
  buying_power_before: Decimal,
  buying_power_after: Decimal,
  position_qty_before: Decimal,
  position_qty_after: Decimal,
  opens_at: NullableTime,
  expires_at: NullableTime,
  warnings: Type.Array(Type.String()),
});

export interface PreviewRequest {
  readonly view: SessionView;
  readonly account: Account;
  readonly terms: OrderTerms;
  /** What the surface itself objects to. */
  readonly problem: Refusal | undefined;
}

export function presentPreview({ view, account, terms, problem }: PreviewRequest): Static<typeof PreviewView> {
  const { state, market } = view;
  const preview = previewOrder({ state, account, known: market, terms });
  const refusal = problem ?? preview.refusal;
  return {
    accepted: refusal === undefined,
    refusal: refusal === undefined ? null : refusalBody(namedRefusal(refusal, view.ids)),
    symbol: terms.symbol,
    side: terms.side,
    type: terms.type,
    qty: decimal(terms.qty),
    notional: decimal(terms.notional),
    is_opening: preview.isOpening,
    estimated_price: decimal(preview.estimatedPrice),
    cost_basis: decimal(preview.cost),
    estimated_fees: formatUnits(preview.fees),
    buying_power_before: formatUnits(preview.buyingPowerBefore),
    buying_power_after: formatUnits(preview.buyingPowerAfter),
    position_qty_before: formatUnits(preview.positionBefore),
    position_qty_after: formatUnits(preview.positionAfter),
    opens_at: isSayable(preview.opensAt) ? formatInstant(preview.opensAt) : null,
    expires_at: time(preview.expiresAt),
    warnings: WARNINGS.flatMap((warning) => warning({ view, terms, preview }) ?? []),
  };
}

const refusalBody = (refusal: Refusal): Static<typeof ErrorBody> => ({
  code: REFUSALS[refusal.reason].code,
  message: refusal.message,
  ...refusal.details,
});

interface Warned {
  readonly view: SessionView;
  readonly terms: OrderTerms;
  readonly preview: OrderPreview;
}

/** What an order may do that its sender may not expect; each says nothing where it does not apply. */
const WARNINGS: readonly ((warned: Warned) => string | undefined)[] = [
  warnOfClosedVenue,
  warnOfSessionEnd,
  warnOfUnknownPrice,
  warnOfReachedStop,
  warnOfMarketableLimit,
  warnOfImmediacy,
];

/** An auction order outside its window has no time either, but is refused. */
function warnOfClosedVenue({ view, preview }: Warned): string | undefined {
  if (!isSayable(preview.opensAt))
    return preview.refusal === undefined
      ? "the calendar has no session in which the venue would open for it"
      : undefined;
  if (preview.opensAt <= view.state.clock) return undefined;
  return `the venue is closed for it: it waits until ${formatInstant(preview.opensAt)}`;
}

function warnOfSessionEnd({ view, preview }: Warned): string | undefined {
  const { endTime } = view.state;
  const isLater = (at: Instant | undefined): boolean => at !== undefined && at > endTime;
  if (preview.refusal !== undefined) return undefined;
  if (isLater(preview.opensAt)) return "the session ends before the venue opens for it";
  return isLater(preview.expiresAt) || preview.expiresAt === undefined
    ? "the session may end before the order does"
    : undefined;
}

function warnOfUnknownPrice({ terms, preview }: Warned): string | undefined {
  if (preview.estimatedPrice !== undefined) return undefined;
  return `no price of ${terms.symbol} is known yet: its money is checked at its first fill`;
}

function warnOfReachedStop({ view, terms }: Warned): string | undefined {
  const last = view.market.lastPrice(terms.symbol);
  if (last === undefined || terms.stopPrice === undefined) return undefined;
  if (isBefore(terms, last, terms.stopPrice)) return undefined;
  return `its stop is reached already: the last price is ${formatUnits(last)}`;
}

function warnOfMarketableLimit({ view, terms }: Warned): string | undefined {
  const last = view.market.lastPrice(terms.symbol);
  if (last === undefined || terms.type !== "limit" || terms.limitPrice === undefined) return undefined;
  if (terms.limitPrice === last || isBefore(terms, terms.limitPrice, last)) return undefined;
  return `its limit is marketable: the last price is ${formatUnits(last)}, and it may fill at the next open`;
}

/** Whether a price comes before another on the way that hurts the trader: up for a buy, down for a sale. */
const isBefore = ({ side }: OrderTerms, at: Price, other: Price): boolean => (side === "buy" ? at < other : at > other);

function warnOfImmediacy({ terms }: Warned): string | undefined {
  if (terms.timeInForce !== "ioc" && terms.timeInForce !== "fok") return undefined;
  return `an order that is ${terms.timeInForce} looks at the open of one bar, the next, and no further`;
}
