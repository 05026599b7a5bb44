/** Alpaca's corporate actions: groups of one type each, of which Tapedeck books some. */
import { ActionsCollector, decimalText, type ActionCells } from "./action-cells.ts";
import { nextAddress } from "./alpaca-paging.ts";
import { dateOf, fieldsOf, listOf, numberOf, optionalTextOf, shown, textOf, type Fields } from "./answer-fields.ts";
import { UnsoundAnswer } from "./download-fault.ts";
import { addressOf, pages } from "./pages.ts";
import type { ProviderClient } from "./provider-client.ts";
import type { ActionsAsked, ActionsRead } from "./provider.ts";

const ROWS_PER_PAGE = "1000";

export async function readAlpacaActions(
  client: ProviderClient,
  baseUrl: URL,
  { symbol, from, to }: ActionsAsked,
): Promise<ActionsRead> {
  const query = { symbols: symbol, start: from, end: to, limit: ROWS_PER_PAGE, sort: "asc" };
  const url = addressOf(baseUrl, "/v1/corporate-actions", query);
  const collector = new ActionsCollector();
  const answers = pages(client, url, (answer) => {
    const fields = fieldsOf(answer, "the answer");
    const groups = fieldsOf(fields["corporate_actions"] ?? {}, "corporate_actions");
    return {
      items: Object.entries(groups).flatMap((group) => readGroup(symbol, group)),
      next: nextAddress(fields, url),
    };
  });
  for await (const page of answers) {
    for (const { group, cells } of page) collector.take(group, cells);
  }
  return collector.result();
}

interface GroupRow {
  readonly group: string;
  /** Undefined: nothing that Tapedeck books. */
  readonly cells: ActionCells | undefined;
}

function readGroup(symbol: string, [group, rows]: readonly [string, unknown]): readonly GroupRow[] {
  const read = READERS[group];
  return listOf(rows, group).map((row) => ({ group, cells: read?.(fieldsOf(row, group), symbol) }));
}

type ReadAction = (fields: Fields, symbol: string) => ActionCells;

const READERS: Readonly<Record<string, ReadAction>> = {
  forward_splits: readSplit,
  reverse_splits: readSplit,
  cash_dividends: (fields, symbol) => ({
    symbol: ownSymbol(fields, "symbol", symbol),
    ex_date: dateOf(fields, "ex_date"),
    type: "cash_dividend",
    cash_per_share: decimalText(numberOf(fields, "rate")),
    record_date: optionalTextOf(fields, "record_date"),
    pay_date: optionalTextOf(fields, "payable_date"),
  }),
  name_changes: (fields, symbol) => {
    const [before, after] = [textOf(fields, "old_symbol"), textOf(fields, "new_symbol")];
    if (before !== symbol && after !== symbol) throw otherSymbol(before, symbol);
    return { symbol: before, ex_date: dateOf(fields, "process_date"), type: "symbol_change", new_symbol: after };
  },
  cash_mergers: (fields, symbol) => ({
    symbol: ownSymbol(fields, "acquiree_symbol", symbol),
    ex_date: dateOf(fields, "effective_date"),
    type: "merger",
    cash_per_share: decimalText(numberOf(fields, "rate")),
  }),
};

function readSplit(fields: Fields, symbol: string): ActionCells {
  return {
    symbol: ownSymbol(fields, "symbol", symbol),
    ex_date: dateOf(fields, "ex_date"),
    type: "split",
    old_rate: decimalText(numberOf(fields, "old_rate")),
    new_rate: decimalText(numberOf(fields, "new_rate")),
  };
}

function ownSymbol(fields: Fields, name: string, symbol: string): string {
  const found = textOf(fields, name);
  if (found !== symbol) throw otherSymbol(found, symbol);
  return found;
}

const otherSymbol = (got: string, wanted: string): UnsoundAnswer =>
  new UnsoundAnswer(`a corporate action: got one of ${shown(got)}, wanted ${wanted} alone`);
