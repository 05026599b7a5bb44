/** What a download is asked to do, in words of the command line, checked and completed here. */
import { CALENDAR_FROM, newYorkDate } from "../../calendar/index.ts";
import {
  AppError,
  dateFromDays,
  daysOf,
  MINUTE_MS,
  parseDate,
  type CivilDate,
  type Instant,
} from "../../kernel/index.ts";
import { parseConflictPolicy, type ConflictPolicy } from "../catalog/conflicts.ts";
import { isSymbol, SYMBOL_WANTED } from "../symbol.ts";
import { isStorable, parseTimeframe, type TimeframeSpec } from "../timeframe.ts";
import { alpaca } from "./alpaca.ts";
import type { Environment } from "./credentials.ts";
import { polygon } from "./polygon.ts";
import type { ProviderKind } from "./provider.ts";
import type { Stretch } from "./stretches.ts";

/** In the order in which messages list them. */
const PROVIDERS: readonly ProviderKind[] = [alpaca, polygon];

/** Requests a minute that anyone's plan allows, at most. */
const RATE_MAX = 100_000;

/** As they were given; what is left out has a default. */
export interface DownloadWords {
  readonly provider: string;
  readonly symbols: readonly string[];
  /** New York dates, both included. */
  readonly from: string;
  /** Default: yesterday. */
  readonly to?: string | undefined;
  readonly timeframe: string;
  readonly feed?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly tradingUrl?: string | undefined;
  /** Requests a minute. */
  readonly rate?: string | undefined;
  readonly onConflict?: string | undefined;
}

export interface DownloadPlan {
  readonly kind: ProviderKind;
  readonly symbols: readonly string[];
  readonly span: Stretch;
  readonly timeframe: TimeframeSpec;
  readonly feed: string | undefined;
  readonly baseUrl: URL;
  readonly tradingUrl: URL;
  readonly rate: number;
  readonly onConflict: ConflictPolicy;
}

/** Throws AppError "bad_argument" naming the option, what it got and what it takes. */
export function planDownload(words: DownloadWords, now: Instant, env: Environment): DownloadPlan {
  const kind = PROVIDERS.find(({ name }) => name === words.provider);
  if (kind === undefined) throw wrong("provider", words.provider, PROVIDERS.map(({ name }) => name).join(" or "));
  const baseUrl = readUrl("base-url", words.baseUrl ?? kind.baseUrl);
  // Whoever names another server means it for everything: a test never reaches the real one.
  const tradingDefault = words.baseUrl ?? kind.tradingUrlOf(env) ?? kind.baseUrl;
  return {
    kind,
    symbols: readSymbols(words.symbols),
    span: readSpan(words, newYorkDate(now)),
    timeframe: readTimeframe(words.timeframe),
    feed: readFeed(kind, words.feed),
    baseUrl,
    tradingUrl: readUrl("trading-url", words.tradingUrl ?? tradingDefault),
    rate: words.rate === undefined ? kind.rate : readRate(words.rate),
    onConflict: parseConflictPolicy(words.onConflict ?? "fail"),
  };
}

const wrong = (option: string, got: string, wanted: string): AppError =>
  new AppError("bad_argument", `--${option}: got ${JSON.stringify(got)}, wanted ${wanted}`);

function readSymbols(symbols: readonly string[]): readonly string[] {
  if (symbols.length === 0) throw wrong("symbols", "", "at least one symbol, such as AAPL,MSFT");
  const odd = symbols.find((symbol) => !isSymbol(symbol));
  if (odd !== undefined) throw wrong("symbols", odd, SYMBOL_WANTED);
  const pair = symbols.find((symbol) => symbol.includes("/"));
  if (pair !== undefined) throw wrong("symbols", pair, "stocks; pairs cannot be downloaded");
  return [...new Set(symbols)];
}

function readSpan({ from, to }: DownloadWords, today: CivilDate): Stretch {
  const first = readDate("from", from);
  const last = to === undefined ? dateFromDays(daysOf(today) - 1) : readDate("to", to);
  if (first < CALENDAR_FROM) throw wrong("from", from, `a date from ${CALENDAR_FROM}, where the calendar begins`);
  if (first > today) throw wrong("from", from, `a date that has come; in New York it is ${today}`);
  if (last < first) throw wrong(to === undefined ? "from" : "to", to ?? from, `a span that ends after it begins`);
  return { from: first, to: last > today ? today : last };
}

function readDate(option: string, text: string): CivilDate {
  const date = parseDate(text);
  if (date === undefined) throw wrong(option, text, "a date such as 2024-01-02");
  return date;
}

function readTimeframe(text: string): TimeframeSpec {
  const spec = parseTimeframe(text);
  if (spec !== undefined && isStorable(spec)) return spec;
  throw wrong("timeframe", text, "1Min to 59Min, 1Hour to 23Hour, or 1Day (weeks and months are made from these)");
}

function readFeed({ name, feeds }: ProviderKind, text: string | undefined): string | undefined {
  if (text === undefined) return feeds[0];
  if (feeds.includes(text)) return text;
  throw wrong("feed", text, feeds.length === 0 ? `nothing: ${name} has one feed` : feeds.join(", "));
}

function readUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && isPrivate(url) && isPlain(url)) return url;
  const shown = url === undefined ? text : `${url.protocol}//${url.host}${url.pathname}`;
  throw wrong(option, shown, "an https address without user, query or fragment (http on this machine alone)");
}

/** Keys go with every request, so that only this machine may be spoken to in the clear. */
const isPrivate = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));

const isPlain = ({ username, password, search, hash }: URL): boolean => username + password + search + hash === "";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function readRate(text: string): number {
  const rate = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (rate >= 1 && rate <= RATE_MAX) return rate;
  throw wrong("rate", text, `a whole number of requests a minute from 1 to ${RATE_MAX}`);
}

/** What younger feeds may not show on a free plan is 15 minutes; late trades take a few more. */
const UNSETTLED_MS = 20 * MINUTE_MS;

/** The first instant whose bars may still change: this day's bar until it is over, a minute's for 20 minutes. */
export function settledUntil(timeframe: TimeframeSpec, now: Instant, midnight: Instant): Instant {
  if (timeframe.lengthMs === undefined) return midnight;
  return (Math.floor((now - UNSETTLED_MS) / MINUTE_MS) * MINUTE_MS) as Instant;
}
