/** Polygon's reference API: splits, cash dividends, and the details of a ticker. */
import type { CivilDate } from "../../kernel/index.ts";
import type { AssetRow } from "../assets/assets-table.ts";
import { ActionsCollector, decimalText, type ActionCells } from "./action-cells.ts";
import { dateOf, fieldsOf, listOf, numberOf, optionalTextOf, shown, textOf, type Fields } from "./answer-fields.ts";
import { assetRow } from "./asset-cells.ts";
import { UnsoundAnswer } from "./download-fault.ts";
import { addressOf, pages } from "./pages.ts";
import { nextAddress } from "./polygon-paging.ts";
import type { ProviderClient } from "./provider-client.ts";
import type { ActionsAsked, ActionsRead } from "./provider.ts";

const ROWS_PER_PAGE = "1000";

/** One of Polygon's lists: where it is, which date it goes by, and how a row is read. */
interface List {
  readonly path: string;
  readonly dateField: string;
  /** Undefined: nothing that Tapedeck books. */
  readonly read: (fields: Fields, symbol: string) => ActionCells | undefined;
  readonly word: string;
}

const LISTS: readonly List[] = [
  { path: "/v3/reference/splits", dateField: "execution_date", read: readSplit, word: "split" },
  {
    path: "/v3/reference/dividends",
    dateField: "ex_dividend_date",
    read: readDividend,
    word: "dividend not in dollars",
  },
];

export async function readPolygonActions(
  client: ProviderClient,
  baseUrl: URL,
  asked: ActionsAsked,
): Promise<ActionsRead> {
  const collector = new ActionsCollector();
  for (const list of LISTS) {
    for await (const rows of rowsOf(list, asked, { client, baseUrl })) {
      for (const cells of rows) collector.take(list.word, cells);
    }
  }
  return collector.result();
}

function rowsOf(
  { path, dateField, read }: List,
  { symbol, from, to }: ActionsAsked,
  { client, baseUrl }: { readonly client: ProviderClient; readonly baseUrl: URL },
): AsyncIterable<readonly (ActionCells | undefined)[]> {
  const span = { [`${dateField}.gte`]: from, [`${dateField}.lte`]: to };
  const order = { order: "asc", sort: dateField, limit: ROWS_PER_PAGE };
  const url = addressOf(baseUrl, path, { ticker: symbol, ...span, ...order });
  return pages(client, url, (answer) => {
    const fields = fieldsOf(answer, "the answer");
    const rows = listOf(fields["results"], "results").map((row) => read(ownRow(row, symbol), symbol));
    return { items: rows, next: nextAddress(fields, url) };
  });
}

function ownRow(row: unknown, symbol: string): Fields {
  const fields = fieldsOf(row, "a corporate action");
  const ticker = textOf(fields, "ticker");
  if (ticker !== symbol) throw new UnsoundAnswer(`ticker: got ${shown(ticker)}, wanted ${symbol}`);
  return fields;
}

function readSplit(fields: Fields, symbol: string): ActionCells {
  return {
    symbol,
    ex_date: dateOf(fields, "execution_date"),
    type: "split",
    old_rate: decimalText(numberOf(fields, "split_from")),
    new_rate: decimalText(numberOf(fields, "split_to")),
  };
}

function readDividend(fields: Fields, symbol: string): ActionCells | undefined {
  if ((optionalTextOf(fields, "currency") ?? "USD") !== "USD") return undefined;
  return {
    symbol,
    ex_date: dateOf(fields, "ex_dividend_date"),
    type: "cash_dividend",
    cash_per_share: decimalText(numberOf(fields, "cash_amount")),
    record_date: optionalTextOf(fields, "record_date"),
    pay_date: optionalTextOf(fields, "pay_date"),
  };
}

/** Polygon names exchanges by their market identifier codes. */
const EXCHANGES: Readonly<Record<string, string>> = {
  XNAS: "NASDAQ",
  XNYS: "NYSE",
  XASE: "AMEX",
  ARCX: "ARCA",
  BATS: "BATS",
};

/** As of a date: of a ticker that has left the exchange Polygon knows nothing today. */
export function readPolygonAsset(
  client: ProviderClient,
  baseUrl: URL,
  { symbol, on }: { readonly symbol: string; readonly on: CivilDate },
): Promise<AssetRow | undefined> {
  const url = addressOf(baseUrl, `/v3/reference/tickers/${encodeURIComponent(symbol)}`, { date: on });
  return client.find(url, (answer) => {
    const fields = fieldsOf(fieldsOf(answer, "the answer")["results"], "results");
    ownRow(fields, symbol);
    const exchange = EXCHANGES[optionalTextOf(fields, "primary_exchange") ?? ""];
    return assetRow(symbol, { name: optionalTextOf(fields, "name"), exchange });
  });
}
