/** Polygon (now Massive): aggregates as bars, and what belongs to them from its reference API. */
import { instant, type Instant } from "../../kernel/index.ts";
import type { TimeframeUnit } from "../timeframe.ts";
import { fieldsOf, listOf, numberOf, optionalNumberOf, optionalTextOf, shown, type Fields } from "./answer-fields.ts";
import { secretOf } from "./credentials.ts";
import { UnsoundAnswer } from "./download-fault.ts";
import { addressOf, pages, type Page } from "./pages.ts";
import { nextAddress } from "./polygon-paging.ts";
import { readPolygonActions, readPolygonAsset } from "./polygon-reference.ts";
import type { BarsAsked, Provider, ProviderBar, ProviderKind, ProviderPlace } from "./provider.ts";

const BARS_PER_PAGE = "50000";

export const polygon: ProviderKind = {
  name: "polygon",
  rate: 5,
  baseUrl: "https://api.massive.com",
  tradingUrlOf: () => undefined,
  feeds: [],
  credentialsOf: (env) => {
    const key = secretOf(env, "POLYGON_API_KEY", "MASSIVE_API_KEY");
    return {
      headers: { authorization: `Bearer ${key}` },
      secrets: [key],
      source: "POLYGON_API_KEY or MASSIVE_API_KEY",
    };
  },
  open: openPolygon,
};

function openPolygon({ client, baseUrl }: ProviderPlace): Provider {
  return {
    source: "polygon",
    barPages: (asked) => {
      const url = addressOf(baseUrl, barsPath(asked), { adjusted: "false", sort: "asc", limit: BARS_PER_PAGE });
      return pages(client, url, (answer) => barsPage(answer, asked.symbol, url));
    },
    actions: (asked) => readPolygonActions(client, baseUrl, asked),
    asset: (symbol, on) => readPolygonAsset(client, baseUrl, { symbol, on }),
  };
}

const UNITS: Readonly<Partial<Record<TimeframeUnit, string>>> = { Min: "minute", Hour: "hour", Day: "day" };

/** Polygon's end is included. */
function barsPath({ symbol, timeframe, from, until }: BarsAsked): string {
  const range = `range/${timeframe.count}/${UNITS[timeframe.unit] ?? "minute"}/${from}/${until - 1}`;
  return `/v2/aggs/ticker/${encodeURIComponent(symbol)}/${range}`;
}

const SOUND_STATUSES = ["OK", "DELAYED"];

function barsPage(answer: unknown, symbol: string, url: URL): Page<readonly ProviderBar[]> {
  const fields = fieldsOf(answer, "the answer");
  const status = fields["status"];
  if (typeof status !== "string" || !SOUND_STATUSES.includes(status)) {
    throw new UnsoundAnswer(`status: got ${shown(status)}, wanted ${SOUND_STATUSES.join(" or ")}`);
  }
  const ticker = optionalTextOf(fields, "ticker");
  if (ticker !== undefined && ticker !== symbol) {
    throw new UnsoundAnswer(`ticker: got ${shown(ticker)}, wanted ${symbol}`);
  }
  if (fields["adjusted"] === true) throw new UnsoundAnswer("adjusted: got true, wanted prices as they were traded");
  return { items: listOf(fields["results"], "results").map(readBar), next: nextAddress(fields, url) };
}

function readBar(value: unknown): ProviderBar {
  const fields = fieldsOf(value, "a bar");
  return {
    start: readStart(fields),
    open: numberOf(fields, "o"),
    high: numberOf(fields, "h"),
    low: numberOf(fields, "l"),
    close: numberOf(fields, "c"),
    volume: numberOf(fields, "v"),
    vwap: optionalNumberOf(fields, "vw"),
    trades: optionalNumberOf(fields, "n"),
  };
}

function readStart(fields: Fields): Instant {
  const start = numberOf(fields, "t");
  if (Number.isSafeInteger(start)) return instant(start);
  throw new UnsoundAnswer(`t: got ${shown(start)}, wanted epoch milliseconds`);
}
