/** Alpaca's corporate actions of version 1: those that have taken effect by the clock, by kind. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { newYorkDate } from "../../calendar/index.ts";
import { parseDate, unitsToNumber, type CivilDate, type CorporateAction, type Instant } from "../../kernel/index.ts";
import type { AssetCatalog } from "../../sessions/index.ts";
import { actionId, knownActions } from "../alpaca/corporate-actions.ts";
import type { Bind } from "../wire/binding.ts";
import { placeOf, tokenOf } from "../wire/paging.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { nullable, queryList, queryText, refusals } from "../wire/schemas.ts";
import { oneOf, wholeNumber } from "../wire/values.ts";
import { bad, sceneOf, TAGS } from "./market.ts";

const Action = Type.Object(
  { id: Type.String({ format: "uuid" }), process_date: Type.String({ format: "date" }) },
  { additionalProperties: true, description: "A corporate action; more fields by its kind." },
);

type ActionJson = Static<typeof Action> & Readonly<Record<string, unknown>>;

/** Alpaca's kinds by the name in a query, with that of their group. */
const GROUPS = {
  forward_split: "forward_splits",
  reverse_split: "reverse_splits",
  cash_dividend: "cash_dividends",
  cash_merger: "cash_mergers",
  name_change: "name_changes",
  worthless_removal: "worthless_removals",
} as const;

type Kind = keyof typeof GROUPS;

/** Kinds that Alpaca has and no data here ever holds. */
const EMPTY_KINDS = [
  "unit_split",
  "stock_dividend",
  "spin_off",
  "stock_merger",
  "stock_and_cash_merger",
  "redemption",
  "rights_distribution",
  "partial_call",
  "reorganization",
] as const;

const ALL_KINDS: readonly string[] = [...Object.keys(GROUPS), ...EMPTY_KINDS];

const ROWS_MAX = 1000;
const ROWS_DEFAULT = 100;

export function registerCorporateActions(app: FastifyInstance, catalog: AssetCatalog, bind: Bind): void {
  for (const path of ["/v1/corporate-actions", "/v1beta1/corporate-actions"]) {
    app.get(
      path,
      {
        schema: {
          tags: TAGS,
          summary: "Corporate actions that have taken effect by the clock",
          querystring: Type.Object({
            symbols: queryList("of these symbols only"),
            cusips: queryList("accepted; no asset has one"),
            types: queryList(`some of ${ALL_KINDS.join(", ")}; default all`),
            ids: queryList("these alone; not with anything else"),
            start: queryText("first process_date; default the clock's day"),
            end: queryText("last process_date; default the clock's day"),
            limit: queryText(`1 to ${ROWS_MAX}, default ${ROWS_DEFAULT}, of all kinds together`),
            sort: queryText("asc or desc by process_date; default asc"),
            page_token: queryText("next_page_token of the page before"),
          }),
          response: {
            200: Type.Object({
              corporate_actions: Type.Record(Type.String(), Type.Array(Action)),
              next_page_token: nullable(Type.String()),
            }),
            ...refusals(400, 404),
          },
        },
      },
      async (request) => answer(request, await sceneOf(bind, request), catalog),
    );
  }
}

interface Row {
  readonly kind: Kind;
  readonly symbols: readonly string[];
  readonly body: ActionJson;
}

function answer(
  request: FastifyRequest,
  { clock }: { readonly clock: Instant },
  catalog: AssetCatalog,
): { corporate_actions: Record<string, ActionJson[]>; next_page_token: string | null } {
  const query = queryOf(request);
  const rows = rowsOf(query, knownActions(catalog, clock).map(presentRow), newYorkDate(clock));
  const limit = wholeNumber("limit", query.text("limit"), { min: 1, max: ROWS_MAX, otherwise: ROWS_DEFAULT });
  const after = placeOf(query.text("page_token"));
  const from = after === undefined ? 0 : rows.findIndex(({ body }) => body.id === after) + 1;
  if (after !== undefined && from === 0) throw bad("page_token belongs to a request with other parameters");
  const page = rows.slice(from, from + limit);
  const groups: Record<string, ActionJson[]> = {};
  for (const { kind, body } of page) (groups[GROUPS[kind]] ??= []).push(body);
  const last = page.at(-1);
  const isLast = from + limit >= rows.length || last === undefined;
  return { corporate_actions: groups, next_page_token: isLast ? null : tokenOf(last.body.id) };
}

function rowsOf(query: Query, all: readonly Row[], today: CivilDate): readonly Row[] {
  const ids = query.list("ids");
  const narrowing = ["symbols", "cusips", "types", "start", "end"].filter((field) => query.list(field) !== undefined);
  if (ids !== undefined && narrowing.length > 0) throw bad(`ids cannot be given together with ${narrowing[0]}`);
  if (ids !== undefined) return all.filter(({ body }) => ids.includes(body.id));
  const [start, end] = [dateIn(query, "start") ?? today, dateIn(query, "end") ?? today];
  if (end < start) throw bad(`end must not be before start, got ${start} to ${end}`);
  const symbols = query.list("symbols")?.map((symbol) => symbol.toUpperCase());
  const kinds = query.list("types")?.map((type) => kindIn(type.toLowerCase()));
  const isDescending = oneOf("sort", query.text("sort")?.toLowerCase(), ["asc", "desc"] as const) === "desc";
  const wanted = all.filter(
    (row) =>
      row.body.process_date >= start &&
      row.body.process_date <= end &&
      (symbols === undefined || row.symbols.some((symbol) => symbols.includes(symbol))) &&
      (kinds === undefined || kinds.includes(row.kind)),
  );
  const inOrder = wanted.toSorted((a, b) => (a.body.process_date < b.body.process_date ? -1 : 1));
  return isDescending ? inOrder.toReversed() : inOrder;
}

/** In the singular, as the documentation has it, or the plural of the groups. */
function kindIn(type: string): string {
  const kind = ALL_KINDS.find((each) => each === type || `${each}s` === type);
  if (kind !== undefined) return kind;
  throw bad(`types must be some of ${ALL_KINDS.join(", ")}, got ${JSON.stringify(type)}`);
}

function dateIn(query: Query, field: "start" | "end"): CivilDate | undefined {
  const text = query.text(field);
  if (text === undefined || text === "") return undefined;
  const date = parseDate(text.slice(0, 10));
  if (date !== undefined) return date;
  throw bad(`${field} must be a date such as 2023-01-03, got ${JSON.stringify(text)}`);
}

function presentRow(action: CorporateAction): Row {
  const { symbol, exDate } = action;
  const common = { id: actionId(action), process_date: exDate };
  switch (action.type) {
    case "split":
      return presentSplit(action, common);
    case "cash_dividend": {
      const payable = action.payDate ?? exDate;
      const dates = { ex_date: exDate, record_date: action.recordDate ?? exDate, payable_date: payable };
      const rate = unitsToNumber(action.cashPerShare);
      const body = { ...common, symbol, cusip: "", rate, special: false, foreign: false, ...dates };
      return { kind: "cash_dividend", symbols: [symbol], body };
    }
    case "symbol_change": {
      const names = { old_symbol: symbol, old_cusip: "", new_symbol: action.newSymbol, new_cusip: "" };
      return { kind: "name_change", symbols: [symbol, action.newSymbol], body: { ...common, ...names } };
    }
    case "merger":
    case "delisting": {
      if (action.cashPerShare === undefined) {
        return { kind: "worthless_removal", symbols: [symbol], body: { ...common, symbol, cusip: "" } };
      }
      const rate = unitsToNumber(action.cashPerShare);
      const body = { ...common, acquiree_symbol: symbol, acquiree_cusip: "", rate, effective_date: exDate };
      return { kind: "cash_merger", symbols: [symbol], body };
    }
  }
}

function presentSplit(
  { symbol, exDate, oldRate, newRate }: Extract<CorporateAction, { type: "split" }>,
  common: { readonly id: string; readonly process_date: CivilDate },
): Row {
  const rates = { new_rate: unitsToNumber(newRate), old_rate: unitsToNumber(oldRate), ex_date: exDate };
  if (newRate >= oldRate) {
    const body = { ...common, symbol, cusip: "", ...rates, record_date: exDate, payable_date: exDate };
    return { kind: "forward_split", symbols: [symbol], body };
  }
  const body = { ...common, symbol, old_cusip: "", new_cusip: "", ...rates, record_date: exDate, payable_date: exDate };
  return { kind: "reverse_split", symbols: [symbol], body };
}
