/** The fault of a file of which no row is left: how many were read, and why none was taken. */
import { AppError } from "../../kernel/index.ts";
import type { RefusedRows } from "./refused-rows.ts";

interface RowsRead {
  readonly rowsRead: number;
  readonly refused: RefusedRows;
  /** Rows of symbols that were not asked for. */
  readonly rowsOfOtherSymbols?: number;
}

export function nothingToImport(path: string, { rowsRead, refused, rowsOfOtherSymbols = 0 }: RowsRead): AppError {
  const reasons = refused.totals().map(({ reason, rows }) => `${reason} (${rows})`);
  const first = refused.rows()[0];
  const example = first === undefined ? "" : `. Line ${first.line}: ${first.message}`;
  const others = rowsOfOtherSymbols > 0 ? `, ${rowsOfOtherSymbols} of other symbols` : "";
  const why = reasons.length === 0 ? "" : `, refused: ${reasons.join(", ")}`;
  return new AppError(
    "import_failed",
    `${path} has no row that can be taken: ${rowsRead} read${others}${why}${example}`,
  );
}
