/** The report of an import of a table, corporate actions or assets, for people. */
import type { TableImportReport } from "../../market/index.ts";
import { refusedLines } from "./refused-text.ts";
import { counted, formatCount } from "./table.ts";

export function tableImportText(report: TableImportReport): string {
  const { path, rowsRead, rowsAccepted, rowsRefused, rowsRepeated, isUnchanged } = report;
  const parts = [
    `${counted(rowsRead, "row")} read`,
    `${formatCount(rowsAccepted)} taken`,
    `${formatCount(rowsRefused)} refused`,
    ...(rowsRepeated > 0 ? [`${formatCount(rowsRepeated)} repeated`] : []),
  ];
  const news = isUnchanged
    ? "  Nothing new: all of it was there already."
    : `  ${formatCount(report.rowsAdded)} new, ${formatCount(report.rowsReplaced)} changed`;
  return [`${path}: ${parts.join(", ")}`, news, ...refusedLines(report)].join("\n");
}
