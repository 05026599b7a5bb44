/** `tapedeck data export`: bars of some symbols in one file that other tools read. */
import { isRefusal } from "../../kernel/index.ts";
import type { ExportReport } from "../../market/index.ts";
import { optionText, type Call } from "../call.ts";
import { interrupted, refusedSelection } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";
import { openProgress } from "../output/progress.ts";
import { counted, formatCount, formatTable, indented } from "../output/table.ts";
import { loadMarket } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

/** Series that a report prints. */
const SERIES_SHOWN = 20;

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { exportBars, openMarket } = await loadMarket();
  const market = await openMarket({ dataDir, sample });
  const progress = openProgress({ name: "", unit: "symbols", isQuiet: call.options["json"] === true });
  const stop = listenForInterruption();
  try {
    const report = await exportBars({
      market,
      symbols: call.args.map((symbol) => symbol.toUpperCase()),
      timeframe: optionText(call, "timeframe"),
      from: optionText(call, "from"),
      to: optionText(call, "to"),
      adjustment: optionText(call, "adjustment"),
      path: optionText(call, "output") ?? "",
      isForced: call.options["force"] === true,
      onProgress: progress.show,
      signal: stop.signal,
    });
    progress.close();
    if (isRefusal(report)) throw refusedSelection(report);
    call.answer(report, textOf(report));
  } catch (error) {
    throw stop.signal.aborted ? interrupted("nothing was written") : error;
  } finally {
    progress.close();
    stop.ignore();
  }
}

function textOf({ path, rows, series, adjusted }: ExportReport): string {
  const table = formatTable(
    [{ head: "SYMBOL" }, { head: "BARS" }, { head: "ROWS", align: "right" }],
    series.slice(0, SERIES_SHOWN).map(({ symbol, timeframe, rows: count }) => [symbol, timeframe, formatCount(count)]),
  );
  const more = series.length > SERIES_SHOWN ? [`  … and ${counted(series.length - SERIES_SHOWN, "more symbol")}`] : [];
  const advice = `  Prices of ${adjusted.join(", ")} are adjusted: say --adjusted when the file is imported again.`;
  return [
    `${path}: ${counted(rows, "bar")} written`,
    indented(table),
    ...more,
    ...(adjusted.length > 0 ? [advice] : []),
  ].join("\n");
}
