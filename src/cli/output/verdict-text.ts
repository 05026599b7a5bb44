/** What the checks of the data have found, for people: findings with their rows, and how many there are of each. */
import { formatInstant } from "../../kernel/index.ts";
import type { Finding, SeriesVerdict } from "../../market/index.ts";
import { counted, formatCount, formatTable } from "./table.ts";

/** Findings of one check in one series that are printed, and of all together; --json has the first hundred of each. */
const SHOWN_OF_CHECK = 5;
const SHOWN_MAX = 200;

interface Totals {
  readonly rows: number;
  readonly errors: number;
  readonly warnings: number;
}

export function verdictsText(verdicts: readonly SeriesVerdict[], { rows, errors, warnings }: Totals): string {
  const checked = `${formatCount(verdicts.length)} series with ${counted(rows, "bar")} checked`;
  if (errors + warnings === 0) return `${checked}: nothing was found.`;
  const first = verdicts.flatMap(shownOf);
  const shown = first.toSorted((a, b) => Number(isWarning(a)) - Number(isWarning(b))).slice(0, SHOWN_MAX);
  const isAll = shown.length === verdicts.reduce((sum, { findings }) => sum + findings.length, 0);
  const hidden = isAll ? [] : ["The first of each check are shown; --json has more."];
  const summary = `${checked}: ${counted(errors, "error")}, ${counted(warnings, "warning")}.`;
  return [findingsTable(shown), countsTable(verdicts), [...hidden, summary].join("\n")].join("\n\n");
}

const isWarning = ({ severity }: Finding): boolean => severity === "warning";

function shownOf({ counts, findings }: SeriesVerdict): readonly Finding[] {
  return counts.flatMap(({ check }) => findings.filter((one) => one.check === check).slice(0, SHOWN_OF_CHECK));
}

function findingsTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ severity, symbol, timeframe, check, row, at, message }) => [
    severity,
    symbol,
    timeframe,
    check,
    row === undefined ? "–" : formatCount(row),
    formatInstant(at),
    message,
  ]);
  const heads = ["", "SYMBOL", "BARS", "CHECK", "ROW", "AT", "DETAIL"];
  return formatTable(
    heads.map((head) => (head === "ROW" ? { head, align: "right" } : { head })),
    rows,
  );
}

function countsTable(verdicts: readonly SeriesVerdict[]): string {
  const totals = new Map<string, { readonly severity: string; count: number; series: number }>();
  for (const { check, severity, count } of verdicts.flatMap(({ counts }) => counts)) {
    const total = totals.get(check) ?? { severity, count: 0, series: 0 };
    totals.set(check, { severity, count: total.count + count, series: total.series + 1 });
  }
  const rows = [...totals].map(([check, { severity, count, series }]) => [
    severity,
    check,
    formatCount(count),
    formatCount(series),
  ]);
  return formatTable(
    [{ head: "" }, { head: "CHECK" }, { head: "FOUND", align: "right" }, { head: "IN SERIES", align: "right" }],
    rows.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : Number(a > b))),
  );
}
