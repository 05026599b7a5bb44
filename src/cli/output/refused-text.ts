/** The refused lines of an import, for people. */
import type { ReasonTotal, RefusedRow } from "../../market/index.ts";
import { formatCount, formatTable, indented } from "./table.ts";

/** Refused lines that a report prints; --json has the first hundred. */
const LINES_SHOWN = 10;

interface Refusals {
  readonly refused: readonly RefusedRow[];
  readonly reasons: readonly ReasonTotal[];
  readonly rowsRefused: number;
}

export function refusedLines({ refused, reasons, rowsRefused }: Refusals): readonly string[] {
  if (rowsRefused === 0) return [];
  const isOfMany = refused.some(({ path }) => path !== undefined);
  const rows = refused
    .slice(0, LINES_SHOWN)
    .map(({ path = "", line, reason, message }) => [...(isOfMany ? [path] : []), formatCount(line), reason, message]);
  const table = formatTable(
    [...(isOfMany ? [{ head: "FILE" }] : []), { head: "LINE", align: "right" }, { head: "REASON" }, { head: "DETAIL" }],
    rows,
  );
  const totals = reasons.map(({ reason, rows: count }) => `${reason} ${formatCount(count)}`).join(", ");
  const shown = rowsRefused > rows.length ? `; the first ${rows.length} are shown, more with --json` : "";
  return ["  Refused:", indented(table), `  In all: ${totals}${shown}`];
}
