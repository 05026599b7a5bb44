/** `tapedeck data actions`: the corporate actions that a server on this data directory would book. */
import type { CorporateAction } from "../../kernel/index.ts";
import type { Call } from "../call.ts";
import { actionDocument, actionWords } from "../output/actions-text.ts";
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
  call.answer({ dataDir, actions: actions.map(actionDocument) }, text);
}

function nothing(dataDir: string, symbol: string | undefined): string {
  const whose = symbol === undefined ? "" : ` of ${symbol}`;
  return `There are no corporate actions${whose} in ${dataDir}. Import some with: tapedeck data import-actions FILE`;
}

function table(actions: readonly CorporateAction[]): string {
  const rows = actions.map((action) => [action.symbol, action.exDate, action.type, actionWords(action)]);
  return formatTable([{ head: "SYMBOL" }, { head: "EX-DATE" }, { head: "TYPE" }, { head: "WHAT" }], rows);
}
