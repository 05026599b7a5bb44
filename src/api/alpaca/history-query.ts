/** What a request for a portfolio history asks for, in Alpaca's names of today and of the past. */
import { DAY_MS, instant, parseDate, refuse, type Instant, type RefusalReason } from "../../kernel/index.ts";
import { newYorkMidnight } from "../../calendar/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import type { Query } from "../wire/query.ts";
import { oneOf, optionalTime, truth } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { ACTIVITY_TYPES, singleTypes } from "./activity.ts";
import { nextDate, type Period } from "./history-period.ts";

export const TIMEFRAMES = ["1Min", "5Min", "15Min", "1H", "1D"] as const;
export type HistoryTimeframe = (typeof TIMEFRAMES)[number];

export const REPORTINGS = ["market_hours", "extended_hours", "continuous"] as const;
export type Reporting = (typeof REPORTINGS)[number];

export const PNL_RESETS = ["per_day", "no_reset"] as const;

export interface HistoryRequest {
  readonly timeframe: HistoryTimeframe;
  readonly reporting: Reporting;
  readonly start: Instant | undefined;
  /** The last instant that belongs to it; undefined: now, or where `period` from `start` ends. */
  readonly end: Instant | undefined;
  readonly period: Period;
  /** Whether the period was asked for, not assumed. */
  readonly hasPeriod: boolean;
  readonly resetsDaily: boolean;
  /** Types of booking whose sums are shown; "all": those that happened; undefined: none. */
  readonly cashflows: ReadonlySet<string> | "all" | undefined;
}

const reject = (reason: RefusalReason, message: string): never => {
  throw new RefusedRequest(refuse(reason, message));
};

/** `now` is the session's clock. */
export function parseHistoryQuery(query: Query, now: Instant): HistoryRequest {
  const span = parseSpan(query);
  const asked = oneOf("timeframe", query.text("timeframe"), TIMEFRAMES);
  const days = daysOfSpan(span, now);
  if (asked !== undefined && asked !== "1D" && days > INTRADAY_DAYS_MAX) {
    const message = `timeframe must be 1D for more than ${INTRADAY_DAYS_MAX} days, got ${asked}`;
    reject("invalid_order_parameter", message);
  }
  return {
    timeframe: asked ?? timeframeFor(days),
    reporting: parseReporting(query),
    start: span.start,
    end: span.end,
    period: span.period ?? A_MONTH,
    hasPeriod: span.period !== undefined,
    resetsDaily: oneOf("pnl_reset", query.text("pnl_reset"), PNL_RESETS) !== "no_reset",
    cashflows: parseCashflows(query.list("cashflow_types")),
  };
}

const A_MONTH: Period = { count: 1, unit: "M" };

/** Longest span in days with less than a day between its points. */
const INTRADAY_DAYS_MAX = 30;
const QUARTER_HOURS_FROM_DAYS = 7;

function timeframeFor(days: number): HistoryTimeframe {
  if (days < QUARTER_HOURS_FROM_DAYS) return "1Min";
  return days < INTRADAY_DAYS_MAX ? "15Min" : "1D";
}

interface Span {
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
  readonly period: Period | undefined;
}

/** `date_start` and `date_end` are what older clients call start and end. */
function parseSpan(query: Query): Span {
  const text = (field: "start" | "end"): string | undefined =>
    nonEmpty(query.text(field) ?? query.text(`date_${field}`));
  const start = optionalTime("start", text("start"));
  const end = endOf(text("end"));
  const given = parsePeriod(nonEmpty(query.text("period")));
  if (start !== undefined && end !== undefined && given !== undefined) {
    reject("invalid_order_parameter", "at most two of start, end and period may be given, got three");
  }
  if (start !== undefined && end !== undefined && start > end) {
    reject("invalid_order_parameter", "start must not be after end");
  }
  const isToday = truth("since_midnight", query.text("since_midnight")) && start === undefined;
  return { start, end, period: given ?? (isToday ? { count: 1, unit: "D" } : undefined) };
}

const nonEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

/** A date as an end means all of that day. */
function endOf(text: string | undefined): Instant | undefined {
  const date = text === undefined ? undefined : parseDate(text);
  return date === undefined ? optionalTime("end", text) : instant(newYorkMidnight(nextDate(date)) - 1);
}

function parsePeriod(text: string | undefined): Period | undefined {
  if (text === undefined) return undefined;
  const [, digits = "", unit = ""] = /^(\d{1,4})([DWMA])$/i.exec(text) ?? [];
  const count = Number(digits);
  if (count > 0) return { count, unit: unit.toUpperCase() as Period["unit"] };
  return reject("bad_request", `period must be a number and D, W, M or A, such as 1M, got ${shown(text)}`);
}

/** Days of a unit, as far as the choice of a timeframe goes. */
const UNIT_DAYS = { D: 1, W: 7, M: 30, A: 365 } as const;

function daysOfSpan({ start, end, period }: Span, now: Instant): number {
  if (start !== undefined && period === undefined) return ((end ?? now) - start) / DAY_MS;
  const { count, unit } = period ?? A_MONTH;
  return count * UNIT_DAYS[unit];
}

/** `extended_hours` is how older clients say it. */
function parseReporting(query: Query): Reporting {
  const isExtended = truth("extended_hours", query.text("extended_hours"));
  const asked = oneOf("intraday_reporting", query.text("intraday_reporting"), REPORTINGS);
  return asked ?? (isExtended ? "extended_hours" : "market_hours");
}

function parseCashflows(types: readonly string[] | undefined): HistoryRequest["cashflows"] {
  const names = types?.map((type) => type.toUpperCase());
  if (names === undefined || (names.length === 1 && names[0] === "NONE")) return undefined;
  if (names.length === 1 && names[0] === "ALL") return "all";
  const unknown = names.find((name) => !ACTIVITY_TYPES.includes(name));
  if (unknown === undefined) return singleTypes(names);
  const known = `ALL, NONE or of ${ACTIVITY_TYPES.join(", ")}`;
  return reject("invalid_order_parameter", `cashflow_types must be ${known}, got ${shown(unknown)}`);
}
