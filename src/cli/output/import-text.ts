/** The report of an import for people: what was taken, and which lines were refused and why. */
import { formatInstant } from "../../kernel/index.ts";
import type { ImportReport } from "../../market/index.ts";
import { refusedLines } from "./refused-text.ts";
import { counted, formatCount, formatTable, indented } from "./table.ts";

/** Symbols of a file of many that a report prints. */
const SERIES_SHOWN = 20;

/** Files passed over, and days of a contradiction, that a report names. */
const NAMED = 10;

export function importText(report: ImportReport): string {
  const parts = [
    seriesLines,
    actionLines,
    conflictLines,
    markLines,
    sampleLines,
    skippedLines,
    refusedLines,
    warningLines,
  ].flatMap((part) => part(report));
  return [headline(report), ...parts].join("\n");
}

function headline(report: ImportReport): string {
  const { path, files, format, timeframe, rowsRead, rowsAccepted, rowsRefused, rowsOfOtherSymbols } = report;
  const kind = timeframe === "" ? format : `${format}, ${timeframe}`;
  const parts = [
    ...(files > 1 ? [counted(files, "file")] : []),
    `${counted(rowsRead, "row")} read (${kind})`,
    `${formatCount(rowsAccepted)} taken`,
    `${formatCount(rowsRefused)} refused`,
    ...(rowsOfOtherSymbols > 0 ? [`${formatCount(rowsOfOtherSymbols)} of other symbols`] : []),
  ];
  return `${path}: ${parts.join(", ")}`;
}

function seriesLines({ series, isUnchanged }: ImportReport): readonly string[] {
  if (isUnchanged) return ["  Nothing new: all of it was there already."];
  if (series.length === 0) return [];
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

function actionLines({ actions: { read, added, replaced } }: ImportReport): readonly string[] {
  if (read === 0) return [];
  const parts = [`${formatCount(read)} read`, `${formatCount(added)} new`, `${formatCount(replaced)} replaced`];
  return [`  Corporate actions: ${parts.join(", ")}`];
}

function conflictLines({ series }: ImportReport): readonly string[] {
  return series.flatMap(({ symbol, timeframe, daysKept, daysReplaced }) => [
    ...daysLine(`${symbol} ${timeframe}`, daysKept, [
      "contradicts the catalog and stays as it was",
      "contradict the catalog and stay as they were",
    ]),
    ...daysLine(`${symbol} ${timeframe}`, daysReplaced, [
      "contradicted the catalog and is as in the file now",
      "contradicted the catalog and are as in the file now",
    ]),
  ]);
}

function daysLine(name: string, days: readonly string[], [one, many]: readonly [string, string]): readonly string[] {
  if (days.length === 0) return [];
  const more = days.length > NAMED ? ` and ${formatCount(days.length - NAMED)} more` : "";
  const what = `${counted(days.length, "day")} ${days.length === 1 ? one : many}`;
  return [`  ${name}: ${what}: ${days.slice(0, NAMED).join(", ")}${more}`];
}

function skippedLines({ skipped }: ImportReport): readonly string[] {
  const lines = skipped.slice(0, NAMED).map(({ path, why }) => `  Passed over: ${path} (${why})`);
  return skipped.length > NAMED ? [...lines, `  … and ${counted(skipped.length - NAMED, "more file")}`] : lines;
}

function markLines({ series }: ImportReport): readonly string[] {
  const isAdjusted = series.some((one) => one.isAdjusted);
  return isAdjusted ? ["  The series are marked as adjusted: corporate actions are in their prices already."] : [];
}

function warningLines({ warnings: { counts, findings } }: ImportReport): readonly string[] {
  if (counts.length === 0) return [];
  const totals = counts.map(({ check, count }) => `${check} ${formatCount(count)}`).join(", ");
  const rows = findings
    .slice(0, NAMED)
    .map(({ symbol, timeframe, check, at, message }) => [symbol, timeframe, check, formatInstant(at), message]);
  const table = formatTable(
    ["SYMBOL", "BARS", "CHECK", "AT", "DETAIL"].map((head) => ({ head })),
    rows,
  );
  return [`  Worth a look: ${totals}; \`tapedeck data verify\` shows all`, indented(table)];
}

function sampleLines({ sampleReplaced }: ImportReport): readonly string[] {
  if (sampleReplaced.length === 0) return [];
  return [`  Real bars now stand in the place of the built-in sample's: ${sampleReplaced.join(", ")}`];
}
