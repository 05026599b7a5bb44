/** The report of a download for people: what came of each symbol, and what did not. */
import type { DownloadReport, SymbolReport } from "../../market/index.ts";
import { refusedLines } from "./refused-text.ts";
import { counted, formatCount, formatTable, indented } from "./table.ts";

export function downloadText(report: DownloadReport): string {
  const parts = [symbolLines, leftOutLines, sampleLines, emptyLines].flatMap((part) => part(report));
  const refused = report.symbols.flatMap(refusedOf);
  return [headline(report), ...parts, ...refused, ...report.notes.map((note) => `  Note: ${note}`)].join("\n");
}

function headline({ provider, feed, timeframe, from, to, requests, retries }: DownloadReport): string {
  const source = feed === undefined ? provider : `${provider} ${feed}`;
  const again = retries === 0 ? "" : `, ${formatCount(retries)} of them again`;
  return `${source}, ${timeframe}, ${from} to ${to}: ${counted(requests, "request")}${again}`;
}

function symbolLines({ symbols }: DownloadReport): readonly string[] {
  const isAllKnown = symbols.every(({ requests, failure }) => requests === 0 && failure === undefined);
  if (isAllKnown) return ["  Nothing new: all of it had been downloaded already."];
  const rows = symbols.map((one) => [
    one.symbol,
    ...[one.received, one.added, one.refused, one.requests].map(formatCount),
    one.actions === undefined ? "" : formatCount(one.actions.received),
    one.asset ?? "",
    one.failure === undefined ? "complete" : "not complete",
  ]);
  const heads = ["BARS", "NEW", "REFUSED", "REQUESTS", "ACTIONS"].map((head) => ({ head, align: "right" as const }));
  return [indented(formatTable([{ head: "SYMBOL" }, ...heads, { head: "ASSET" }, { head: "STATE" }], rows))];
}

/** What the provider knows of and Tapedeck does not book: a holder of these shares should know. */
function leftOutLines({ symbols }: DownloadReport): readonly string[] {
  return symbols.flatMap(({ symbol, actions }) => {
    const words = Object.entries(actions?.leftOut ?? {}).map(([word, count]) => `${word} ${formatCount(count)}`);
    return words.length === 0 ? [] : [`  ${symbol}: corporate actions that are not booked: ${words.join(", ")}`];
  });
}

function sampleLines({ sampleReplaced }: DownloadReport): readonly string[] {
  if (sampleReplaced.length === 0) return [];
  return [`  Real bars now stand in the place of the built-in sample's: ${sampleReplaced.join(", ")}`];
}

function emptyLines({ symbols }: DownloadReport): readonly string[] {
  const empty = symbols.filter(
    ({ received, daysKnown, failure }) => received + daysKnown === 0 && failure === undefined,
  );
  if (empty.length === 0) return [];
  return [`  No bars in this time: ${empty.map(({ symbol }) => symbol).join(", ")}`];
}

function refusedOf({ symbol, refused, refusedBars, reasons }: SymbolReport): readonly string[] {
  if (refused === 0) return [];
  return [`  ${symbol}:`, ...refusedLines({ refused: refusedBars, reasons, rowsRefused: refused })];
}
