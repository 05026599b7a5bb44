/** Account activities as Alpaca writes them: fills, and bookings that are no trades. */
import { Type, type Static } from "typebox";
import { v5 as uuidv5 } from "uuid";
import type { Account, AccountEntry, Activity, OrderEvent, OrderFilled } from "../../engine/index.ts";
import { formatInstant, formatUnits, HOUR_MS, instant, parseDate, type CivilDate } from "../../kernel/index.ts";
import { newYorkDate, newYorkMidnight, newYorkOffsetMs } from "../../calendar/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { Decimal, Time } from "../wire/schemas.ts";

const ID = Type.String({ description: "Sorts by time: YYYYMMDDHHMMSSmmm in New York, then :: and a UUID." });

const TradeActivity = Type.Object({
  id: ID,
  account_id: Type.Optional(Type.String({ format: "uuid" })),
  activity_type: Type.Enum(["FILL"]),
  transaction_time: Time,
  type: Type.Enum(["fill", "partial_fill"]),
  price: Decimal,
  qty: Decimal,
  side: Type.Enum(["buy", "sell"]),
  symbol: Type.String(),
  leaves_qty: Decimal,
  order_id: Type.String({ format: "uuid" }),
  cum_qty: Decimal,
  order_status: Type.Enum(["filled", "partially_filled"]),
});

const NonTradeActivity = Type.Object({
  id: ID,
  account_id: Type.Optional(Type.String({ format: "uuid" })),
  activity_type: Type.Enum(["CSD", "CSW", "DIV", "FEE", "INT", "SPLIT", "NC", "MA", "REORG"]),
  activity_sub_type: Type.Optional(Type.String()),
  date: Type.String({ format: "date" }),
  created_at: Time,
  net_amount: Decimal,
  description: Type.String(),
  status: Type.Enum(["executed"]),
  currency: Type.String(),
  symbol: Type.Optional(Type.String()),
  qty: Type.Optional(Decimal),
  per_share_amount: Type.Optional(Decimal),
  price: Type.Optional(Decimal),
});

export const ActivityView = Type.Union([TradeActivity, NonTradeActivity], {
  description: "A fill, or a booking that is no trade; fields that do not apply are absent.",
});

export type ActivityJson = Static<typeof ActivityView>;

/** An activity and its place in the history of its account. */
export interface Placed {
  readonly account: Account;
  readonly index: number;
  readonly activity: Activity;
}

export function presentActivity(view: SessionView, placed: Placed): ActivityJson {
  const id = activityId(view, placed);
  return placed.activity.kind === "order_filled"
    ? presentFill(view, placed.activity, id)
    : presentEntry(placed.activity, id);
}

function presentFill(view: SessionView, fill: OrderFilled, id: string): Static<typeof TradeActivity> {
  const order = view.state.orders.get(fill.order - 1);
  const { filled, total } = progressAt(view.state.histories.get(fill.order - 1) ?? [], fill);
  const isFull = filled === total;
  return {
    id,
    activity_type: "FILL",
    transaction_time: formatInstant(fill.at),
    type: isFull ? "fill" : "partial_fill",
    price: formatUnits(fill.price),
    qty: formatUnits(fill.qty),
    side: order?.side ?? "buy",
    symbol: order?.symbol ?? "",
    leaves_qty: formatUnits(total - filled),
    order_id: view.ids.order(fill.order),
    cum_qty: formatUnits(filled),
    order_status: isFull ? "filled" : "partially_filled",
  };
}

/** How far an order had come with one of its fills: shares filled, and shares asked for at that time. */
function progressAt(
  history: readonly OrderEvent[],
  fill: OrderFilled,
): { readonly filled: bigint; readonly total: bigint } {
  let [filled, total] = [0n, 0n];
  for (const event of history) {
    if (event.kind === "order_accepted" || event.kind === "order_reduced" || event.kind === "order_adjusted") {
      total = event.qty ?? total;
    }
    if (event.kind !== "order_filled") continue;
    filled += event.qty;
    total = event.sizedQty ?? total;
    if (event === fill) break;
  }
  return { filled, total };
}

function presentEntry(entry: AccountEntry, id: string): Static<typeof NonTradeActivity> {
  return {
    id,
    activity_type: entry.entry,
    ...(entry.subType === undefined ? {} : { activity_sub_type: entry.subType }),
    date: entry.date,
    created_at: formatInstant(entry.at),
    net_amount: formatUnits(entry.netAmount),
    description: entry.description,
    status: "executed",
    currency: "USD",
    ...(entry.symbol === undefined ? {} : { symbol: entry.symbol }),
    ...given("qty", entry.qty),
    ...given("per_share_amount", entry.perShare),
    ...given("price", entry.price),
  };
}

const given = (name: string, units: bigint | undefined): Record<string, string> =>
  units === undefined ? {} : { [name]: formatUnits(units) };

function activityId(view: SessionView, { account, index, activity }: Placed): string {
  return `${stampOf(activity)}::${uuidv5(`activity/${index}`, view.ids.account(account.ordinal))}`;
}

/** Seventeen digits: the time of a fill; of anything else its date, as Alpaca has it. */
function stampOf(activity: Activity): string {
  if (activity.kind === "account_entry") return `${activity.date.replaceAll("-", "")}000000000`;
  const wall = formatInstant(instant(activity.at + newYorkOffsetMs(activity.at)));
  return wall.replaceAll(/\D/g, "").padEnd(17, "0");
}

/** Whether an activity is the one with an id. Only those of its day are looked at, since making an id costs a hash. */
export function isActivity(view: SessionView, id: string): (placed: Placed) => boolean {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})\d{9}::/.exec(id) ?? [];
  const date = parseDate(`${year}-${month}-${day}`);
  if (date === undefined) return () => false;
  const midnight = newYorkMidnight(date);
  const isOfDay = (activity: Activity): boolean =>
    activity.kind === "account_entry"
      ? activity.date === date
      : activity.at >= midnight && activity.at < midnight + LONGEST_DAY_MS;
  return (placed) => {
    const { activity } = placed;
    return isOfDay(activity) && id.startsWith(stampOf(activity)) && activityId(view, placed) === id;
  };
}

/** The day on which clocks go back. */
const LONGEST_DAY_MS = 25 * HOUR_MS;

/** The day that an activity belongs to. */
export const dateOf = (activity: Activity): CivilDate =>
  activity.kind === "order_filled" ? newYorkDate(activity.at) : activity.date;

export const typeOf = (activity: Activity): string => (activity.kind === "order_filled" ? "FILL" : activity.entry);

/** Alpaca's types of activity; most of them never happen here. */
export const ACTIVITY_TYPES: readonly string[] = (
  "FILL TRANS MISC ACATC ACATS CFEE CGD CSD CSW DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW DIVTXEX FEE FOPT " +
  "INT INTNRA INTTW JNL JNLC JNLS MA NC OPASN OPCA OPCSH OPEXC OPEXP OPTRD PTC PTR REORG SPIN SPLIT"
).split(" ");

/** TRANS stands for deposits and withdrawals. */
export const singleTypes = (types: readonly string[]): ReadonlySet<string> =>
  new Set(types.flatMap((type) => (type === "TRANS" ? ["CSD", "CSW"] : [type])));
