/** Why an order stands as it does: its history, its fills each with the bar that made them, and what it waits for. */
import { Type, type Static } from "typebox";
import type { EngineConfig, FillRule, Order, OrderFilled } from "../../engine/index.ts";
import {
  EXPLAINED_EVENTS_MAX,
  divideFloor,
  divideHalfEven,
  formatInstant,
  formatUnits,
  SCALE,
  unitsFromNumber,
  unitsToNumber,
  type Bar,
  type Instant,
} from "../../kernel/index.ts";
import { Decimal, nullable, NullableTime, Time } from "../wire/schemas.ts";
import { HistoryEntry, tellHistory } from "./order-history.ts";
import { waitingFor } from "./order-waiting.ts";
import { FILL_RULES } from "./order-words.ts";
import { OrderView, presentOrder, type OrderContext } from "./order.ts";

const NullableNumber = nullable(Type.Number());

const FillBar = Type.Object(
  {
    start: Time,
    end: NullableTime,
    open: NullableNumber,
    high: NullableNumber,
    low: NullableNumber,
    close: NullableNumber,
    volume: NullableNumber,
  },
  { description: "Until it has ended, no more than its start and open." },
);

const ExplainedFill = Type.Object({
  at: Time,
  qty: Decimal,
  price: Decimal,
  rule: Type.Enum(Object.keys(FILL_RULES)),
  rule_text: Type.String(),
  reference_price: Decimal,
  slippage: Decimal,
  is_capped: Type.Boolean(),
  bar: FillBar,
  cap: nullable(Type.String({ description: "Shares of the bar that one account may take." })),
  cap_note: nullable(Type.String({ description: "Why no cap is shown." })),
  fees: Type.Object(
    { sec: Decimal, taf: Decimal, cat: Decimal },
    { description: "Regulatory fees that it accrued, to nine decimals." },
  ),
});

export const ExplanationView = Type.Object({
  order: OrderView,
  why: Type.String({ description: "What happened last, and why." }),
  events: Type.Array(HistoryEntry),
  fills: Type.Array(ExplainedFill),
  waiting_for: nullable(Type.String({ description: "What an open order waits for." })),
  left_out: Type.Integer({ description: "Events so old that they are not shown." }),
});

/** What can be said without bars; valid beyond the view that it was made from. */
export interface Draft {
  readonly told: Omit<Static<typeof ExplanationView>, "fills">;
  readonly symbol: string;
  readonly fills: readonly OrderFilled[];
  readonly config: EngineConfig;
  readonly clock: Instant;
}

export function draftExplanation(order: Order, context: OrderContext): Draft {
  const { state, ids } = context.view;
  const history = state.histories.get(order.ordinal - 1) ?? [];
  const shown = tellHistory(order, history, ids).slice(-EXPLAINED_EVENTS_MAX);
  return {
    told: {
      order: presentOrder(order, context),
      why: shown.at(-1)?.reason ?? "",
      events: [...shown],
      waiting_for: waitingFor(order, context.view),
      left_out: history.length - shown.length,
    },
    symbol: order.symbol,
    fills: history.slice(-EXPLAINED_EVENTS_MAX).flatMap((event) => (event.kind === "order_filled" ? [event] : [])),
    config: state.config,
    clock: state.clock,
  };
}

/** The explanation with the bars of its fills, by their start. */
export function presentExplanation(
  { told, fills, config, clock }: Draft,
  bars: ReadonlyMap<Instant, Bar>,
): Static<typeof ExplanationView> {
  const endedBar = (start: Instant): Bar | undefined => {
    const bar = bars.get(start);
    return bar !== undefined && bar.end <= clock ? bar : undefined;
  };
  return { ...told, fills: fills.map((fill) => explainFill(fill, config, endedBar(fill.barStart))) };
}

function explainFill(fill: OrderFilled, config: EngineConfig, bar: Bar | undefined): Static<typeof ExplainedFill> {
  return {
    at: formatInstant(fill.at),
    qty: formatUnits(fill.qty),
    price: formatUnits(fill.price),
    rule: fill.rule,
    rule_text: FILL_RULES[fill.rule],
    reference_price: formatUnits(fill.referencePrice),
    slippage: formatUnits(fill.slippage),
    is_capped: fill.isCapped,
    bar: bar === undefined ? presentRunningBar(fill) : presentEndedBar(bar),
    ...presentCap(config, bar),
    fees: { sec: feeText(fill.secFee), taf: feeText(fill.tafFee), cat: feeText(fill.catFee) },
  };
}

/** Rules whose reference is the open of the bar. */
const OPEN_RULES: ReadonlySet<FillRule> = new Set<FillRule>([
  "open",
  "open_limit",
  "gap_stop",
  "gap_stop_limit",
  "gap_trail",
]);

/** Of a bar that has not ended, and of one whose data is gone, the fill itself tells what is known. */
function presentRunningBar({ barStart, rule, referencePrice }: OrderFilled): Static<typeof FillBar> {
  const open = OPEN_RULES.has(rule) ? unitsToNumber(referencePrice) : null;
  return { start: formatInstant(barStart), end: null, open, high: null, low: null, close: null, volume: null };
}

function presentEndedBar({ start, end, open, high, low, close, volume }: Bar): Static<typeof FillBar> {
  return { start: formatInstant(start), end: formatInstant(end), open, high, low, close, volume };
}

/** Whole shares of participation × volume (R28). */
function presentCap(
  { participation, volumeBasis }: EngineConfig,
  bar: Bar | undefined,
): Pick<Static<typeof ExplainedFill>, "cap" | "cap_note"> {
  const without = (note: string): { readonly cap: null; readonly cap_note: string } => ({ cap: null, cap_note: note });
  if (participation === null) return without("participation is null: there is no cap");
  if (volumeBasis === "trailing") return without("it is a share of the average volume of the twenty bars before");
  if (bar === undefined) return without("it is known once the bar has ended");
  const cap = divideFloor(unitsFromNumber(participation) * unitsFromNumber(bar.volume), SCALE * SCALE);
  return { cap: String(cap), cap_note: null };
}

/** From 10⁻¹⁸ dollars to nine decimals. */
const feeText = (fee: bigint | undefined): string => formatUnits(divideHalfEven(fee ?? 0n, SCALE));
