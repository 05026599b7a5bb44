/** Corporate action announcements: what companies have announced by the session's clock. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import {
  daysOf,
  formatUnits,
  parseDate,
  refuse,
  type CivilDate,
  type CorporateAction,
  type Instant,
} from "../../kernel/index.ts";
import type { AssetCatalog } from "../../sessions/index.ts";
import { actionId, knownActions } from "../alpaca/corporate-actions.ts";
import type { Desk } from "../alpaca/desk/desk.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { queryText, refusals } from "../wire/schemas.ts";
import { oneOf } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";

const PATH = "/v2/corporate_actions/announcements";
const TYPES = ["dividend", "merger", "spinoff", "split"] as const;
const DATE_TYPES = ["declaration_date", "ex_date", "record_date", "payable_date"] as const;
const SPAN_DAYS_MAX = 90;

const Announcement = Type.Object({
  id: Type.String({ format: "uuid" }),
  corporate_action_id: Type.String(),
  corporate_actions_id: Type.String(),
  ca_type: Type.Enum(TYPES),
  ca_sub_type: Type.String(),
  initiating_symbol: Type.String(),
  initiating_original_cusip: Type.String(),
  target_symbol: Type.String(),
  target_original_cusip: Type.String(),
  declaration_date: Type.String(),
  ex_date: Type.String(),
  record_date: Type.String(),
  payable_date: Type.String(),
  expiration_date: Type.String(),
  cash: Type.String(),
  old_rate: Type.String(),
  new_rate: Type.String(),
});

type AnnouncementJson = Static<typeof Announcement>;

export function registerAnnouncements(app: FastifyInstance, desk: Desk, catalog: AssetCatalog): void {
  const tags = ["corporate actions"];
  app.get(
    PATH,
    {
      schema: {
        tags,
        summary: "Corporate actions that have happened by the session's clock",
        querystring: Type.Object({
          ca_types: queryText(`comma list of ${TYPES.join(", ")}; required`),
          since: queryText("first date; required"),
          until: queryText(`last date, at most ${SPAN_DAYS_MAX} days after the first; required`),
          symbol: queryText("of this symbol only"),
          cusip: queryText("accepted; no asset has one"),
          date_type: queryText(`which date is meant: ${DATE_TYPES.join(", ")}; default ex_date`),
        }),
        response: { 200: Type.Array(Announcement), ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const wanted = parseQuery(queryOf(request));
      return readSession(session, [], (view) =>
        announced(catalog, view.state.clock).filter((each) => isWanted(each, wanted)),
      );
    },
  );
  app.get(
    `${PATH}/:announcementId`,
    {
      schema: {
        tags,
        summary: "Get a corporate action",
        params: Type.Object({ announcementId: Type.String() }),
        response: { 200: Announcement, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const { announcementId } = request.params as { readonly announcementId: string };
      return readSession(session, [], (view) => {
        const found = announced(catalog, view.state.clock).find(({ id }) => id === announcementId.toLowerCase());
        if (found !== undefined) return found;
        throw new RefusedRequest(refuse("not_found", `announcement not found for ${shown(announcementId)}`));
      });
    },
  );
}

const announced = (catalog: AssetCatalog, clock: Instant): readonly AnnouncementJson[] =>
  knownActions(catalog, clock).flatMap((action) => presentAction(action) ?? []);

/** Alpaca announces dividends, splits, mergers and spin-offs; changes of symbols and delistings it does not. */
function presentAction(action: CorporateAction): AnnouncementJson | undefined {
  const kind = kindOf(action);
  if (kind === undefined) return undefined;
  const id = actionId(action);
  const { record = action.exDate, payable = action.exDate } = datesOf(action);
  return {
    id,
    corporate_action_id: id,
    corporate_actions_id: id,
    ca_type: kind.type,
    ca_sub_type: kind.subType,
    initiating_symbol: action.symbol,
    initiating_original_cusip: "",
    target_symbol: action.symbol,
    target_original_cusip: "",
    declaration_date: action.exDate,
    ex_date: action.exDate,
    record_date: record,
    payable_date: payable,
    expiration_date: "",
    cash: "cashPerShare" in action && action.cashPerShare !== undefined ? formatUnits(action.cashPerShare) : "0",
    old_rate: action.type === "split" ? formatUnits(action.oldRate) : "1",
    new_rate: action.type === "split" ? formatUnits(action.newRate) : "1",
  };
}

const datesOf = (action: CorporateAction): { readonly record?: CivilDate; readonly payable?: CivilDate } =>
  action.type === "cash_dividend"
    ? {
        ...(action.recordDate === undefined ? {} : { record: action.recordDate }),
        ...(action.payDate === undefined ? {} : { payable: action.payDate }),
      }
    : {};

interface Kind {
  readonly type: (typeof TYPES)[number];
  readonly subType: string;
}

function kindOf(action: CorporateAction): Kind | undefined {
  switch (action.type) {
    case "cash_dividend":
      return { type: "dividend", subType: "cash" };
    case "split":
      return { type: "split", subType: action.newRate >= action.oldRate ? "stock_split" : "reverse_split" };
    case "merger":
      return { type: "merger", subType: "merger_completion" };
    default:
      return undefined;
  }
}

interface Wanted {
  readonly types: readonly string[];
  readonly since: CivilDate;
  readonly until: CivilDate;
  readonly symbol: string | undefined;
  readonly dateType: (typeof DATE_TYPES)[number];
}

function parseQuery(query: Query): Wanted {
  const types = (query.list("ca_types") ?? []).map(
    (type) => oneOf("ca_types", type.toLowerCase(), TYPES) ?? "dividend",
  );
  if (types.length === 0) throw missing("ca_types", `a comma list of ${TYPES.join(", ")}`);
  const [since, until] = [dateIn(query, "since"), dateIn(query, "until")];
  const days = daysOf(until) - daysOf(since);
  if (days < 0 || days > SPAN_DAYS_MAX) {
    const got = `${since} to ${until}`;
    throw new RefusedRequest(refuse("bad_request", `since to until must be 0 to ${SPAN_DAYS_MAX} days, got ${got}`));
  }
  return {
    types,
    since,
    until,
    symbol: query.text("symbol")?.toUpperCase(),
    dateType: oneOf("date_type", query.text("date_type"), DATE_TYPES) ?? "ex_date",
  };
}

function dateIn(query: Query, field: "since" | "until"): CivilDate {
  const text = query.text(field) ?? "";
  const date = parseDate(text.slice(0, 10));
  if (date === undefined) throw missing(field, `a date such as 2023-01-03, got ${shown(text)}`);
  return date;
}

const missing = (field: string, wanted: string): RefusedRequest =>
  new RefusedRequest(refuse("bad_request", `${field} must be ${wanted}`));

function isWanted(each: AnnouncementJson, { types, since, until, symbol, dateType }: Wanted): boolean {
  const date = each[dateType];
  const isOfSymbol = symbol === undefined || symbol === "" || each.initiating_symbol === symbol;
  return isOfSymbol && types.includes(each.ca_type) && date >= since && date <= until;
}
