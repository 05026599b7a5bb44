/** `tapedeck data actions`: the corporate actions that a server on this data directory would book. */
import { formatUnits, type CorporateAction } from "../../kernel/index.ts";
import type { Call } from "../call.ts";
import { formatTable } from "../output/table.ts";
import { loadMarket } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { openMarket } = await loadMarket();
  const market = await openMarket({ dataDir, sample });
  const symbol = call.args[0]?.toUpperCase();
  const actions = symbol === undefined ? market.allCorporateActions() : market.corporateActions(symbol);
  const text = actions.length === 0 ? nothing(dataDir, symbol) : table(actions);
  call.answer({ dataDir, actions: actions.map(documentOf) }, text);
}

function nothing(dataDir: string, symbol: string | undefined): string {
  const whose = symbol === undefined ? "" : ` of ${symbol}`;
  return `There are no corporate actions${whose} in ${dataDir}. Import some with: tapedeck data import-actions FILE`;
}

/** Amounts as decimal texts: they are exact. */
function documentOf(action: CorporateAction): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(action).map(([name, value]) => [name, typeof value === "bigint" ? formatUnits(value) : value]),
  );
}

function table(actions: readonly CorporateAction[]): string {
  const rows = actions.map((action) => [action.symbol, action.exDate, action.type, wordsOf(action)]);
  return formatTable([{ head: "SYMBOL" }, { head: "EX-DATE" }, { head: "TYPE" }, { head: "WHAT" }], rows);
}

function wordsOf(action: CorporateAction): string {
  switch (action.type) {
    case "split":
      return `${formatUnits(action.newRate)} for ${formatUnits(action.oldRate)}`;
    case "cash_dividend":
      return `$${formatUnits(action.cashPerShare)} a share${action.payDate === undefined ? "" : `, paid ${action.payDate}`}`;
    case "symbol_change":
      return `now ${action.newSymbol}`;
    case "delisting":
    case "merger":
      return action.cashPerShare === undefined
        ? "at the last price"
        : `for $${formatUnits(action.cashPerShare)} a share`;
  }
}
