/** Account activities: of one account, and of all accounts of the session. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Account, Activity } from "../../engine/index.ts";
import {
  ACTIVITIES_PER_REPLY_MAX,
  parseDate,
  refuse,
  type CivilDate,
  type Instant,
  type RefusalReason,
} from "../../kernel/index.ts";
import { newYorkDate } from "../../calendar/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import {
  ACTIVITY_TYPES,
  ActivityView,
  dateOf,
  placeOfActivity,
  presentActivity,
  singleTypes,
  typeOf,
  type ActivityJson,
  type Placed,
} from "../alpaca/activity.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { queryList, queryText, refusals } from "../wire/schemas.ts";
import { oneOf, optionalTime, requiredTime, wholeNumber } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { accountOf, type Broker } from "./context.ts";

const TAGS = ["activities"];
const OF_ACCOUNT = "/v1/trading/accounts/:accountId/account/activities";
const OF_ALL = "/v1/accounts/activities";
const CATEGORIES = ["trade_activity", "non_trade_activity"] as const;

const QUERY = {
  date: queryText("only this day, a date or a time; not with after or until"),
  after: queryText("later than this time"),
  until: queryText("earlier than this time"),
  direction: queryText("asc or desc by time; default desc"),
  page_size: queryText(`1 to ${ACTIVITIES_PER_REPLY_MAX}, default ${ACTIVITIES_PER_REPLY_MAX}; with date all`),
  page_token: queryText("the id of the last activity of the page before"),
};
const ANY_TYPE = {
  activity_types: queryList("comma list, or repeated; TRANS is CSD and CSW"),
  category: queryText(`${CATEGORIES.join(" or ")}; not with activity_types`),
};
const ONE_ACCOUNT = { account_id: queryText("only this account") };
const TypeParam = Type.String({ description: "One of Alpaca's types, such as FILL, FEE or DIV." });

export function registerActivities(app: FastifyInstance, broker: Broker): void {
  const response = { 200: Type.Array(ActivityView), ...refusals(400, 404, 422) };
  const AccountParams = Type.Object({ accountId: Type.String() });
  const ofAccount = (request: FastifyRequest): Promise<readonly ActivityJson[]> =>
    list(broker, request, (view) => [accountOf(view, request)]);
  const ofAll = (request: FastifyRequest): Promise<readonly ActivityJson[]> => listOfAll(broker, request);
  const querystring = Type.Object({ ...ANY_TYPE, ...QUERY });
  const summary = "List an account's activities";
  app.get(OF_ACCOUNT, { schema: { tags: TAGS, summary, params: AccountParams, querystring, response } }, ofAccount);
  app.get(
    `${OF_ACCOUNT}/:activityType`,
    {
      schema: {
        tags: TAGS,
        summary: "List an account's activities of one type",
        params: Type.Object({ accountId: Type.String(), activityType: TypeParam }),
        querystring: Type.Object(QUERY),
        response,
      },
    },
    ofAccount,
  );
  app.get(
    OF_ALL,
    {
      schema: {
        tags: TAGS,
        summary: "List activities of all accounts of the session",
        querystring: Type.Object({ ...ONE_ACCOUNT, ...ANY_TYPE, ...QUERY }),
        response,
      },
    },
    ofAll,
  );
  app.get(
    `${OF_ALL}/:activityType`,
    {
      schema: {
        tags: TAGS,
        summary: "List activities of one type of all accounts of the session",
        params: Type.Object({ activityType: TypeParam }),
        querystring: Type.Object({ ...ONE_ACCOUNT, ...QUERY }),
        response,
      },
    },
    ofAll,
  );
}

async function listOfAll(broker: Broker, request: FastifyRequest): Promise<readonly ActivityJson[]> {
  const id = queryOf(request).text("account_id");
  return list(broker, request, (view) => {
    if (id === undefined || id === "") return view.state.accounts;
    const account = view.state.accounts[(view.ids.findAccount(id) ?? 0) - 1];
    if (account === undefined) reject("not_found", `account not found for ${shown(id)}`);
    return account === undefined ? [] : [account];
  });
}

async function list(
  broker: Broker,
  request: FastifyRequest,
  accountsOf: (view: SessionView) => readonly Account[],
): Promise<readonly ActivityJson[]> {
  const session = await broker.sessionOf(request);
  const wanted = parseQuery(request);
  const isBrokerForm = !("accountId" in (request.params as object));
  return readSession(session, [], (view) =>
    pageOf(view, placedOf(accountsOf(view)), wanted).map((placed) => {
      const shownActivity = presentActivity(view, placed);
      return isBrokerForm ? { ...shownActivity, account_id: view.ids.account(placed.account.ordinal) } : shownActivity;
    }),
  );
}

/** Oldest first; of one instant, in the order of accounts and bookings. */
function placedOf(accounts: readonly Account[]): readonly Placed[] {
  const all = accounts.flatMap((account) =>
    account.activities.map((activity, index) => ({ account, index, activity })),
  );
  return accounts.length === 1 ? all : all.toSorted((a, b) => a.activity.at - b.activity.at);
}

function pageOf(view: SessionView, all: readonly Placed[], wanted: Wanted): readonly Placed[] {
  const ordered = wanted.isAscending ? all : all.toReversed();
  const place = wanted.pageToken === undefined ? -1 : placeOfActivity(view, ordered, wanted.pageToken);
  if (wanted.pageToken !== undefined && place < 0) {
    reject("bad_request", `page_token must be the id of an activity of this list, got ${shown(wanted.pageToken)}`);
  }
  const page: Placed[] = [];
  for (let index = place + 1; index < ordered.length && page.length < wanted.pageSize; index += 1) {
    const placed = ordered[index];
    if (placed !== undefined && isWanted(placed.activity, wanted)) page.push(placed);
  }
  return page;
}

function isWanted(activity: Activity, { types, isTrade, date, after, until }: Wanted): boolean {
  if (after !== undefined && activity.at <= after) return false;
  if (until !== undefined && activity.at >= until) return false;
  if (isTrade !== undefined && isTrade !== (activity.kind === "order_filled")) return false;
  if (types !== undefined && !types.has(typeOf(activity))) return false;
  return date === undefined || dateOf(activity) === date;
}

interface Wanted {
  readonly types: ReadonlySet<string> | undefined;
  readonly isTrade: boolean | undefined;
  readonly date: CivilDate | undefined;
  readonly after: Instant | undefined;
  readonly until: Instant | undefined;
  readonly isAscending: boolean;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
}

function parseQuery(request: FastifyRequest): Wanted {
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

function bounds(query: Query, date: CivilDate | undefined): Pick<Wanted, "after" | "until"> {
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
