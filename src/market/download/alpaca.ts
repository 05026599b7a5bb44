/** Alpaca: bars of stocks with their feeds, corporate actions, and assets from the trading API. */
import { formatInstant, instant, parseInstant, SECOND_MS } from "../../kernel/index.ts";
import type { AssetRow } from "../assets/assets-table.ts";
import { readAlpacaActions } from "./alpaca-actions.ts";
import { nextAddress } from "./alpaca-paging.ts";
import { assetRow } from "./asset-cells.ts";
import { fieldsOf, listOf, numberOf, optionalNumberOf, optionalTextOf, shown, textOf } from "./answer-fields.ts";
import { secretOf, type Environment } from "./credentials.ts";
import { UnsoundAnswer } from "./download-fault.ts";
import { addressOf, pages, type Page } from "./pages.ts";
import type { BarsAsked, Provider, ProviderBar, ProviderKind, ProviderPlace } from "./provider.ts";

const BARS_PER_PAGE = "10000";

export const alpaca: ProviderKind = {
  name: "alpaca",
  rate: 200,
  baseUrl: "https://data.alpaca.markets",
  // Keys of paper accounts begin with PK, those of live ones with AK.
  tradingUrlOf: (env) =>
    env["APCA_API_KEY_ID"]?.startsWith("AK") === true
      ? "https://api.alpaca.markets"
      : "https://paper-api.alpaca.markets",
  feeds: ["sip", "iex", "otc"],
  credentialsOf: (env: Environment) => {
    const keyId = secretOf(env, "APCA_API_KEY_ID");
    const secret = secretOf(env, "APCA_API_SECRET_KEY");
    return {
      headers: { "APCA-API-KEY-ID": keyId, "APCA-API-SECRET-KEY": secret },
      secrets: [keyId, secret],
      source: "APCA_API_KEY_ID and APCA_API_SECRET_KEY",
    };
  },
  open: openAlpaca,
};

function openAlpaca(place: ProviderPlace): Provider {
  const { client, baseUrl, tradingUrl, feed = "sip" } = place;
  return {
    source: `alpaca ${feed}`,
    barPages: (asked) => {
      const url = addressOf(baseUrl, "/v2/stocks/bars", barsQuery(asked, feed));
      return pages(client, url, (answer) => barsPage(answer, asked.symbol, url));
    },
    actions: (asked) => readAlpacaActions(client, baseUrl, asked),
    asset: (symbol) => {
      const url = addressOf(tradingUrl, `/v2/assets/${encodeURIComponent(symbol)}`, {});
      return client.find(url, (answer) => readAsset(answer, symbol));
    },
  };
}

/** Alpaca's end is included, and its bars begin at full seconds. */
function barsQuery({ symbol, timeframe, from, until }: BarsAsked, feed: string): Readonly<Record<string, string>> {
  return {
    symbols: symbol,
    timeframe: timeframe.name,
    start: formatInstant(from),
    end: formatInstant(instant(until - SECOND_MS)),
    limit: BARS_PER_PAGE,
    adjustment: "raw",
    feed,
    sort: "asc",
  };
}

function barsPage(answer: unknown, symbol: string, url: URL): Page<readonly ProviderBar[]> {
  const fields = fieldsOf(answer, "the answer");
  const bySymbol = fieldsOf(fields["bars"] ?? {}, "bars");
  const other = Object.keys(bySymbol).find((name) => name !== symbol);
  if (other !== undefined) throw new UnsoundAnswer(`bars: got bars of ${shown(other)}, wanted ${symbol} alone`);
  return { items: listOf(bySymbol[symbol], "bars").map(readBar), next: nextAddress(fields, url) };
}

function readBar(value: unknown): ProviderBar {
  const fields = fieldsOf(value, "a bar");
  const text = textOf(fields, "t");
  const start = parseInstant(text);
  if (typeof start !== "number") throw new UnsoundAnswer(`t: got ${shown(text)}, wanted an RFC 3339 time`);
  return {
    start,
    open: numberOf(fields, "o"),
    high: numberOf(fields, "h"),
    low: numberOf(fields, "l"),
    close: numberOf(fields, "c"),
    volume: numberOf(fields, "v"),
    vwap: optionalNumberOf(fields, "vw"),
    trades: optionalNumberOf(fields, "n"),
  };
}

/**
 * What Alpaca says of an asset it says of today. Whether it can be traded now tells nothing of the past, so that is left
 * alone; of an asset that has left the exchange only the name and the exchange are taken.
 */
function readAsset(answer: unknown, symbol: string): AssetRow {
  const fields = fieldsOf(answer, "the asset");
  if (fields["symbol"] !== symbol) {
    throw new UnsoundAnswer(`symbol: got ${shown(fields["symbol"])}, wanted ${symbol}`);
  }
  const claim = (name: string): string => (typeof fields[name] === "boolean" ? String(fields[name]) : "");
  const isActive = fields["status"] === "active";
  return assetRow(symbol, {
    name: optionalTextOf(fields, "name"),
    exchange: optionalTextOf(fields, "exchange"),
    fractionable: isActive ? claim("fractionable") : "",
    shortable: isActive ? claim("shortable") : "",
    easy_to_borrow: isActive ? claim("easy_to_borrow") : "",
    marginable: isActive ? claim("marginable") : "",
  });
}
