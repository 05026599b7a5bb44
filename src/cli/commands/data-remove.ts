/** `tapedeck data remove`: series of some symbols, and their corporate actions if asked for; nothing without a yes. */
import { isRefusal } from "../../kernel/index.ts";
import type { RemovalPlan, RemovalReport } from "../../market/index.ts";
import { optionText, type Call } from "../call.ts";
import { refusedSelection, wrongUsage } from "../exit-codes.ts";
import { canAsk, confirm } from "../output/confirm.ts";
import { counted, formatCount, formatTable, indented } from "../output/table.ts";
import { loadMarket } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

/** Series that a report prints. */
const SERIES_SHOWN = 20;

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { openMarket, planRemoval, removeSeries } = await loadMarket();
  const market = await openMarket({ dataDir, sample });
  const plan = planRemoval(market, {
    symbols: call.args.map((symbol) => symbol.toUpperCase()),
    timeframe: optionText(call, "timeframe"),
    withActions: call.options["actions"] === true,
  });
  if (isRefusal(plan)) throw refusedSelection(plan);
  if (call.options["yes"] !== true && !(await isAgreed(call, plan))) {
    call.answer({ dataDir, series: [], actions: 0, sampleReturned: [] }, "Nothing was removed.");
    return;
  }
  const report = await removeSeries(market, plan);
  call.answer({ dataDir, ...report }, textOf(report));
}

async function isAgreed({ options }: Call, plan: RemovalPlan): Promise<boolean> {
  if (options["json"] === true || !canAsk()) {
    throw wrongUsage(`This would remove ${wordsOf(plan)}. Say --yes, since nobody can be asked here`);
  }
  return confirm(`Remove ${wordsOf(plan)}?`);
}

function wordsOf({ series, actions }: Pick<RemovalPlan, "series" | "actions">): string {
  const rows = series.reduce((sum, one) => sum + one.rows, 0);
  const names = series.slice(0, SERIES_SHOWN).map(({ symbol, timeframe }) => `${symbol} ${timeframe}`);
  const more = series.length > names.length ? ", …" : "";
  return [
    ...(series.length > 0
      ? [`${formatCount(series.length)} series of ${counted(rows, "bar")} (${names.join(", ")}${more})`]
      : []),
    ...(actions > 0 ? [counted(actions, "corporate action")] : []),
  ].join(" and ");
}

function textOf(report: RemovalReport): string {
  const { series, actions, sampleReturned } = report;
  if (series.length + actions === 0) return "Nothing was removed: it was gone already.";
  const rows = series
    .slice(0, SERIES_SHOWN)
    .map(({ symbol, timeframe, rows: count }) => [symbol, timeframe, formatCount(count)]);
  const table = formatTable([{ head: "SYMBOL" }, { head: "BARS" }, { head: "ROWS", align: "right" }], rows);
  const returned = `  The built-in sample is there again in the place of: ${sampleReturned.join(", ")} (--no-sample leaves it out)`;
  return [
    `Removed ${wordsOf(report)}.`,
    ...(series.length > 0 ? [indented(table)] : []),
    ...(sampleReturned.length > 0 ? [returned] : []),
  ].join("\n");
}
