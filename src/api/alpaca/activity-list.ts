/** Lists of activities: what a query asks for, and the page that answers it. */
import type { FastifyRequest } from "fastify";
import { newYorkDate } from "../../calendar/index.ts";
import type { Account, Activity } from "../../engine/index.ts";
import {
  ACTIVITIES_PER_REPLY_MAX,
  parseDate,
  refuse,
  type CivilDate,
  type Instant,
  type RefusalReason,
} from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { queryList, queryText } from "../wire/schemas.ts";
import { oneOf, optionalTime, requiredTime, wholeNumber } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { ACTIVITY_TYPES, dateOf, isActivity, singleTypes, typeOf, type Placed } from "./activity.ts";

const CATEGORIES = ["trade_activity", "non_trade_activity"] as const;

/** Parameters of every list of activities. */
export const ACTIVITY_QUERY = {
  date: queryText("only this day, a date or a time; not with after or until"),
  after: queryText("later than this time"),
  until: queryText("earlier than this time"),
  direction: queryText("asc or desc by time; default desc"),
  page_size: queryText(`1 to ${ACTIVITIES_PER_REPLY_MAX}, default ${ACTIVITIES_PER_REPLY_MAX}; with date all`),
  page_token: queryText("the id of the last activity of the page before"),
};
/** Those of a list of any type. */
export const ANY_ACTIVITY_TYPE = {
  activity_types: queryList("comma list, or repeated; TRANS is CSD and CSW"),
  category: queryText(`${CATEGORIES.join(" or ")}; not with activity_types`),
};
/** A page of the activities of some accounts; of one instant, in the order of accounts and bookings. */
export function pageOf(view: SessionView, accounts: readonly Account[], wanted: WantedActivities): readonly Placed[] {
  const { pageToken } = wanted;
  const isLast = pageToken === undefined ? undefined : isActivity(view, pageToken);
  const page: Placed[] = [];
  let isBefore = isLast !== undefined;
  for (const placed of inOrder(accounts, wanted.isAscending)) {
    if (isBefore) isBefore = isLast?.(placed) === false;
    else if (isWanted(placed.activity, wanted)) page.push(placed);
    if (page.length >= wanted.pageSize) break;
  }
  if (!isBefore) return page;
  return reject("bad_request", `page_token must be the id of an activity of this list, got ${shown(pageToken)}`);
}

/** By time; a long past of one account is read only as far as somebody asks. */
function inOrder(accounts: readonly Account[], isAscending: boolean): Iterable<Placed> {
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1) return placedOf(only, isAscending);
  const all = accounts.flatMap((account) => [...placedOf(account, true)]);
  const ordered = all.toSorted((a, b) => a.activity.at - b.activity.at);
  return isAscending ? ordered : ordered.toReversed();
}

function* placedOf(account: Account, isAscending: boolean): Generator<Placed> {
  const { activities } = account;
  let index = isAscending ? 0 : activities.length - 1;
  for (const activity of isAscending ? activities : activities.newestFirst()) {
    yield { account, index, activity };
    index += isAscending ? 1 : -1;
  }
}

function isWanted(activity: Activity, { types, isTrade, date, after, until }: WantedActivities): boolean {
  if (after !== undefined && activity.at <= after) return false;
  if (until !== undefined && activity.at >= until) return false;
  if (isTrade !== undefined && isTrade !== (activity.kind === "order_filled")) return false;
  if (types !== undefined && !types.has(typeOf(activity))) return false;
  return date === undefined || dateOf(activity) === date;
}

export interface WantedActivities {
  readonly types: ReadonlySet<string> | undefined;
  readonly isTrade: boolean | undefined;
  readonly date: CivilDate | undefined;
  readonly after: Instant | undefined;
  readonly until: Instant | undefined;
  readonly isAscending: boolean;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
}

export function parseActivityQuery(request: FastifyRequest): WantedActivities {
  const query = queryOf(request);
  const { activityType } = request.params as { readonly activityType?: string };
  const listed = activityType === undefined ? query.list("activity_types") : [activityType];
  const category = oneOf("category", query.text("category"), CATEGORIES);
  if (category !== undefined && listed !== undefined) {
    reject("invalid_order_parameter", "category must not be given with activity types");
  }
  const date = dayOf(query.text("date"));
  return {
    types: listed === undefined ? undefined : singleTypes(listed.map(knownType)),
    isTrade: category === undefined ? undefined : category === "trade_activity",
    date,
    ...bounds(query, date),
    isAscending: oneOf("direction", query.text("direction"), ["asc", "desc"] as const) === "asc",
    pageSize: wholeNumber("page_size", query.text("page_size"), {
      min: 1,
      max: ACTIVITIES_PER_REPLY_MAX,
      otherwise: date === undefined ? ACTIVITIES_PER_REPLY_MAX : Infinity,
      reason: "invalid_order_parameter",
    }),
    pageToken: query.text("page_token") === "" ? undefined : query.text("page_token"),
  };
}

function bounds(query: Query, date: CivilDate | undefined): Pick<WantedActivities, "after" | "until"> {
  const after = optionalTime("after", query.text("after"));
  const until = optionalTime("until", query.text("until"));
  if (date !== undefined && (after ?? until) !== undefined) {
    reject("invalid_order_parameter", "date must not be given with after or until");
  }
  return { after, until };
}

function dayOf(text: string | undefined): CivilDate | undefined {
  if (text === undefined || text === "") return undefined;
  return parseDate(text) ?? newYorkDate(requiredTime("date", text));
}

function knownType(type: string): string {
  const name = type.toUpperCase();
  if (ACTIVITY_TYPES.includes(name)) return name;
  return reject(
    "invalid_order_parameter",
    `activity type must be one of ${ACTIVITY_TYPES.join(", ")}, got ${shown(type)}`,
  );
}

const reject = (reason: RefusalReason, message: string): never => {
  throw new RefusedRequest(refuse(reason, message));
};
