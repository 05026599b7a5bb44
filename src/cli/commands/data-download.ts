/** `tapedeck data download`: bars from a provider, with progress, an end in order at Ctrl-C, and a report of what came. */
import { readFile } from "node:fs/promises";
import type { AppError } from "../../kernel/index.ts";
import type { DownloadReport } from "../../market/index.ts";
import { optionClaim, optionText, type Call } from "../call.ts";
import { CommandError, wrongUsage } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";
import { errorDocument } from "../output/answers.ts";
import { openDownloadProgress } from "../output/download-progress.ts";
import { downloadText } from "../output/download-text.ts";
import { loadMarket, loadServer } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { prepareDataDirectory } = await loadServer();
  const { downloadBars, openMarket } = await loadMarket();
  const symbols = await symbolsOf(optionText(call, "symbols") ?? "");
  const market = await openMarket({ dataDir: prepareDataDirectory(dataDir), sample });
  const progress = openDownloadProgress(call.options["json"] === true);
  const stop = listenForInterruption();
  let report: DownloadReport;
  try {
    report = await downloadBars({
      market,
      env: call.env,
      provider: optionText(call, "provider") ?? "",
      symbols,
      from: optionText(call, "from") ?? "",
      to: optionText(call, "to"),
      timeframe: optionText(call, "timeframe") ?? "",
      feed: optionText(call, "feed"),
      baseUrl: optionText(call, "baseUrl"),
      tradingUrl: optionText(call, "tradingUrl"),
      rate: optionText(call, "rate"),
      onConflict: optionText(call, "onConflict"),
      isRestart: optionClaim(call, "restart"),
      isWithActions: optionClaim(call, "actions"),
      isWithAssets: optionClaim(call, "assets"),
      signal: stop.signal,
      onNews: progress.tell,
    });
  } finally {
    progress.close();
    stop.ignore();
  }
  call.answer(documentOf(report), downloadText(report));
  refuseIfFailed(report);
}

/** Symbols with commas; or of a file, one after the other, with commas or not; "#" begins a comment. */
async function symbolsOf(text: string): Promise<readonly string[]> {
  if (!text.startsWith("@")) return text.split(",").map((symbol) => symbol.trim());
  const path = text.slice(1);
  const lines = await readFile(path, "utf8").catch((error: unknown) => {
    throw wrongUsage(`--symbols: ${path} could not be read: ${String(error)}`);
  });
  return lines
    .replaceAll(/#.*$/gm, "")
    .split(/[\s,]+/)
    .filter((symbol) => symbol !== "");
}

function documentOf(report: DownloadReport): unknown {
  const symbols = report.symbols.map(({ failure, ...rest }) => ({ ...rest, ...asError(failure) }));
  const { fault, ...rest } = report;
  return { ...rest, isComplete: failuresIn(report).length === 0, symbols, ...asError(fault) };
}

const asError = (fault: AppError | undefined): object => (fault === undefined ? {} : errorDocument(fault));

const failuresIn = ({ symbols }: DownloadReport): readonly AppError[] =>
  symbols.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));

/** What ended the download is said alone; else each symbol that was not completed. */
function refuseIfFailed(report: DownloadReport): void {
  if (report.fault !== undefined) throw report.fault;
  const failures = failuresIn(report);
  const [first] = failures;
  if (first === undefined) return;
  if (report.symbols.length === 1) throw first;
  const failed = report.symbols.filter(({ failure }) => failure !== undefined);
  const lines = failed.map(({ symbol, failure }) => `  ${symbol}: ${failure?.message} (${failure?.code})`);
  const message = [`${failed.length} of ${report.symbols.length} symbols are not complete:`, ...lines].join("\n");
  throw new CommandError("download_failed", message, { exit: "fault" });
}
