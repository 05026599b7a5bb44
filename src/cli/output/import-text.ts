/** The report of an import for people: what was taken, and which lines were refused and why. */
import type { ImportReport } from "../../market/index.ts";
import { refusedLines } from "./refused-text.ts";
import { counted, formatCount, formatTable, indented } from "./table.ts";

/** Symbols of a file of many that a report prints. */
const SERIES_SHOWN = 20;

export function importText(report: ImportReport): string {
  const parts = [seriesLines, markLines, sampleLines, refusedLines].flatMap((part) => part(report));
  return [headline(report), ...parts].join("\n");
}

function headline(report: ImportReport): string {
  const { path, format, timeframe, rowsRead, rowsAccepted, rowsRefused, rowsOfOtherSymbols } = report;
  const parts = [
    `${counted(rowsRead, "row")} read (${format}, ${timeframe})`,
    `${formatCount(rowsAccepted)} taken`,
    `${formatCount(rowsRefused)} refused`,
    ...(rowsOfOtherSymbols > 0 ? [`${formatCount(rowsOfOtherSymbols)} of other symbols`] : []),
  ];
  return `${path}: ${parts.join(", ")}`;
}

function seriesLines({ series, isUnchanged }: ImportReport): readonly string[] {
  if (isUnchanged) return ["  Nothing new: all of these bars were there already."];
  const rows = series
    .slice(0, SERIES_SHOWN)
    .map(({ symbol, timeframe, rows: count, added, completed }) => [
      symbol,
      timeframe,
      ...[count, added, completed].map(formatCount),
    ]);
  const table = formatTable(
    [
      { head: "SYMBOL" },
      { head: "BARS" },
      { head: "ROWS", align: "right" },
      { head: "NEW", align: "right" },
      { head: "COMPLETED", align: "right" },
    ],
    rows,
  );
  const more = series.length > SERIES_SHOWN ? [`  … and ${counted(series.length - SERIES_SHOWN, "more symbol")}`] : [];
  return [indented(table), ...more];
}

function markLines({ series }: ImportReport): readonly string[] {
  const isAdjusted = series.some((one) => one.isAdjusted);
  return isAdjusted ? ["  The series are marked as adjusted: corporate actions are in their prices already."] : [];
}

function sampleLines({ sampleReplaced }: ImportReport): readonly string[] {
  if (sampleReplaced.length === 0) return [];
  return [`  Real bars now stand in the place of the built-in sample's: ${sampleReplaced.join(", ")}`];
}
