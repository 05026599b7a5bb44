/** `tapedeck data list`: every series that a server on this data directory would offer. */
import { formatInstant } from "../../kernel/index.ts";
import type { SeriesSummary } from "../../market/index.ts";
import type { Call } from "../call.ts";
import { daysCells, markOf, seriesWords } from "../output/series-text.ts";
import { formatCount, formatTable } from "../output/table.ts";
import { loadMarket } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { openMarket } = await loadMarket();
  const series = (await openMarket({ dataDir, sample })).describe();
  const document = {
    dataDir,
    series: series.map((one) => ({ ...one, ...seriesWords(one) })),
  };
  call.answer(document, series.length === 0 ? nothing(dataDir) : table(series));
}

const nothing = (dataDir: string): string =>
  `There are no bars in ${dataDir}. Import some with: tapedeck data import FILE --symbol SYMBOL`;

function table(series: readonly SeriesSummary[]): string {
  const rows = series.map((one) => [
    one.symbol,
    one.timeframe,
    formatInstant(one.from),
    formatInstant(one.to),
    formatCount(one.rows),
    ...daysCells(one.days),
    markOf(one),
    one.source,
  ]);
  return formatTable(
    [
      { head: "SYMBOL" },
      { head: "BARS" },
      { head: "FROM" },
      { head: "TO" },
      { head: "ROWS", align: "right" },
      { head: "DAYS", align: "right" },
      { head: "PARTIAL", align: "right" },
      { head: "MISSING", align: "right" },
      { head: "MARK" },
      { head: "SOURCE" },
    ],
    rows,
  );
}
