/** Lists of orders: what a query asks for, and the walk that finds it. */
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Account, Order } from "../../../engine/index.ts";
import {
  ORDERS_PER_REPLY_DEFAULT,
  ORDERS_PER_REPLY_MAX,
  refuse,
  type Instant,
  type RefusalReason,
} from "../../../kernel/index.ts";
import type { SessionView } from "../../../sessions/index.ts";
import {
  assetClassOf,
  hasStatus,
  legsOf,
  presentOrder,
  presentRow,
  STATUS_FILTERS,
  type OrderContext,
  type OrderJson,
  type StatusFilter,
} from "../order.ts";
import { RefusedRequest } from "../../wire/errors.ts";
import { queryOf, type Query } from "../../wire/query.ts";
import { queryList, queryText } from "../../wire/schemas.ts";
import { nanosOf, oneOf, optionalTime, optionalUnits, truth, wholeNumber } from "../../wire/values.ts";
import { shown } from "../../wire/validation.ts";

const REASON: RefusalReason = "invalid_order_parameter";
const ASSET_CLASSES = ["us_equity", "us_option", "crypto", "all"] as const;

export const ListQuerystring = Type.Object({
  status: queryText(`${STATUS_FILTERS.join(", ")}; default open`),
  limit: queryText(`rows of the answer, 1 to ${ORDERS_PER_REPLY_MAX}, default ${ORDERS_PER_REPLY_DEFAULT}`),
  after: queryText("submitted after this time, exclusive"),
  until: queryText("submitted before this time, exclusive"),
  after_order_id: queryText("submitted after this order, exclusive; not with before_order_id, after or until"),
  before_order_id: queryText("submitted before this order, exclusive; not with after_order_id, after or until"),
  direction: queryText("asc or desc by submission; default desc"),
  nested: queryText("true: legs stand under their order, and a group is open while any of it is; default false"),
  symbols: queryList("comma list, or repeated"),
  side: queryText("buy or sell"),
  asset_class: queryList(`comma list of ${ASSET_CLASSES.join(", ")}`),
  qty_above: queryText("asks for more shares than this"),
  qty_below: queryText("asks for fewer shares than this"),
});

/** A place on the time line of submissions, to the nanosecond. */
interface Place {
  readonly at: Instant;
  readonly nanos: number;
}

export interface ListQuery {
  readonly status: StatusFilter;
  readonly limit: number;
  readonly after: Place | undefined;
  readonly until: Place | undefined;
  /** Ids of orders as the client gave them. */
  readonly afterOrder: string | undefined;
  readonly beforeOrder: string | undefined;
  readonly isAscending: boolean;
  readonly isNested: boolean;
  readonly symbols: ReadonlySet<string> | undefined;
  readonly side: "buy" | "sell" | undefined;
  readonly assetClasses: readonly string[] | undefined;
  readonly qtyAbove: bigint | undefined;
  readonly qtyBelow: bigint | undefined;
}

export function parseListQuery(request: FastifyRequest): ListQuery {
  const query = queryOf(request);
  const place = (field: "after" | "until"): Place | undefined => {
    const at = optionalTime(field, query.text(field));
    return at === undefined ? undefined : { at, nanos: nanosOf(query.text(field)) };
  };
  const symbols = query.list("symbols");
  const limits = { min: 1, max: ORDERS_PER_REPLY_MAX, otherwise: ORDERS_PER_REPLY_DEFAULT, reason: REASON };
  return {
    status: oneOf("status", query.text("status"), STATUS_FILTERS) ?? "open",
    limit: wholeNumber("limit", query.text("limit"), limits),
    after: place("after"),
    until: place("until"),
    ...cursorsOf(query),
    isAscending: oneOf("direction", query.text("direction"), ["asc", "desc"] as const) === "asc",
    isNested: truth("nested", query.text("nested")),
    symbols: symbols === undefined ? undefined : new Set(symbols.map(bareSymbol)),
    side: oneOf("side", query.text("side"), ["buy", "sell"] as const),
    assetClasses: assetClassesOf(query),
    qtyAbove: optionalUnits("qty_above", query.text("qty_above"), REASON),
    qtyBelow: optionalUnits("qty_below", query.text("qty_below"), REASON),
  };
}

/** In capitals and without the slash of a pair: BTC/USD and BTCUSD are the same. */
const bareSymbol = (symbol: string): string => symbol.toUpperCase().replace("/", "");

/** Cursors by order stand alone: neither two of them, nor one beside a time. */
function cursorsOf(query: Query): Pick<ListQuery, "afterOrder" | "beforeOrder"> {
  const given = (field: string): boolean => (query.text(field) ?? "") !== "";
  const cursors = ["after_order_id", "before_order_id"].filter(given);
  const [first, second] = [...cursors, ...["after", "until"].filter(given)];
  if (cursors.length > 0 && second !== undefined)
    throw new RefusedRequest(refuse(REASON, `only one of ${first} and ${second} is accepted`));
  const id = (field: string): string | undefined => (given(field) ? query.text(field) : undefined);
  return { afterOrder: id("after_order_id"), beforeOrder: id("before_order_id") };
}

function assetClassesOf(query: Query): readonly string[] | undefined {
  const classes = query.list("asset_class")?.map((each) => oneOf("asset_class", each, ASSET_CLASSES) ?? "all");
  return classes?.includes("all") === true ? undefined : classes;
}

/** Rows of a list, in order: each order by itself, or with its legs under it. */
export function presentList(context: OrderContext, account: Account, wanted: ListQuery): readonly OrderJson[] {
  const found = listOrders(context.view, account, wanted);
  return found.map((order) => (wanted.isNested ? presentOrder(order, context) : presentRow(order, context)));
}

/** Orders are numbered in the order of submission, so a list is a walk from one end. */
function listOrders(view: SessionView, account: Account, wanted: ListQuery): readonly Order[] {
  const [afterOrdinal, beforeOrdinal] = [
    ordinalOf(view, account, { field: "after_order_id", id: wanted.afterOrder }) ?? 0,
    ordinalOf(view, account, { field: "before_order_id", id: wanted.beforeOrder }) ?? Infinity,
  ];
  const found: Order[] = [];
  const ordinals = wanted.isAscending ? account.orders : account.orders.newestFirst();
  for (const ordinal of ordinals) {
    if (found.length >= wanted.limit) break;
    const order = view.state.orders.get(ordinal - 1);
    const isBetween = ordinal > afterOrdinal && ordinal < beforeOrdinal;
    if (order !== undefined && isBetween && isWanted(view, order, wanted)) found.push(order);
  }
  return found;
}

interface Cursor {
  readonly field: string;
  readonly id: string | undefined;
}

function ordinalOf(view: SessionView, account: Account, { field, id }: Cursor): number | undefined {
  if (id === undefined) return undefined;
  const ordinal = view.ids.findOrder(id);
  if (ordinal !== undefined && view.state.orders.get(ordinal - 1)?.account === account.ordinal) return ordinal;
  throw new RefusedRequest(refuse(REASON, `${field} must be the id of an order of this account, got ${shown(id)}`));
}

function isWanted(view: SessionView, order: Order, wanted: ListQuery): boolean {
  const { after, until, isNested, status } = wanted;
  const isAfter = after === undefined || compare(order, after) > 0;
  const isBefore = until === undefined || compare(order, until) < 0;
  if (!isAfter || !isBefore || !isOfKind(order, wanted)) return false;
  return isNested ? isGroupWanted(view, order, status) : hasStatus(order, status);
}

function isOfKind(order: Order, wanted: ListQuery): boolean {
  const { symbols, side, assetClasses } = wanted;
  if (symbols !== undefined && !symbols.has(bareSymbol(order.symbol))) return false;
  if (side !== undefined && order.side !== side) return false;
  if (assetClasses !== undefined && !assetClasses.includes(assetClassOf(order.symbol))) return false;
  return isBetweenSizes(order, wanted);
}

function isBetweenSizes({ qty }: Order, { qtyAbove, qtyBelow }: ListQuery): boolean {
  if (qtyAbove !== undefined && (qty === undefined || qty <= qtyAbove)) return false;
  return qtyBelow === undefined || (qty !== undefined && qty < qtyBelow);
}

/** A leg stands under its order alone. A group is closed when all of it is, and has any other status that a member has. */
function isGroupWanted(view: SessionView, order: Order, status: StatusFilter): boolean {
  if (order.parent !== undefined) return false;
  const members = [order, ...legsOf(order, view)];
  return status === "closed"
    ? members.every((member) => hasStatus(member, status))
    : members.some((member) => hasStatus(member, status));
}

const compare = (order: Order, place: Place): number =>
  order.submittedAt === place.at ? order.nanos - place.nanos : order.submittedAt - place.at;
