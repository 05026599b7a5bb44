/** The report of an import for people: what was taken, and which lines were refused and why. */
import type { ImportReport } from "../../market/index.ts";
import { counted, formatCount, formatTable } from "./table.ts";

/** Refused lines that a report prints; --json has the first hundred. */
const LINES_SHOWN = 10;

/** Symbols of a file of many that a report prints. */
const SERIES_SHOWN = 20;

export function importText(report: ImportReport): string {
  return [headline(report), ...seriesLines(report), ...sampleLines(report), ...refusedLines(report)].join("\n");
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

function sampleLines({ sampleReplaced }: ImportReport): readonly string[] {
  if (sampleReplaced.length === 0) return [];
  return [`  Real bars now stand in the place of the built-in sample's: ${sampleReplaced.join(", ")}`];
}

function refusedLines({ refused, reasons, rowsRefused }: ImportReport): readonly string[] {
  if (rowsRefused === 0) return [];
  const rows = refused.slice(0, LINES_SHOWN).map(({ line, reason, message }) => [formatCount(line), reason, message]);
  const table = formatTable([{ head: "LINE", align: "right" }, { head: "REASON" }, { head: "DETAIL" }], rows);
  const totals = reasons.map(({ reason, rows: count }) => `${reason} ${formatCount(count)}`).join(", ");
  const shown = rowsRefused > rows.length ? `; the first ${rows.length} are shown, more with --json` : "";
  return ["  Refused:", indented(table), `  In all: ${totals}${shown}`];
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
