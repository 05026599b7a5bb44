/** `tapedeck data import`: files and folders one after the other, each as a whole or not at all, with a report of what was refused. */
import { basename } from "node:path";
import { AppError } from "../../kernel/index.ts";
import type { ImportReport, Market } from "../../market/index.ts";
import { optionClaim, optionText, type Call } from "../call.ts";
import { CommandError, exitOf, interrupted } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";
import { errorDocument } from "../output/answers.ts";
import { importText } from "../output/import-text.ts";
import { openBytesProgress, openProgress } from "../output/progress.ts";
import { loadMarket, loadServer } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

interface FailedImport {
  readonly path: string;
  readonly fault: AppError;
}

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { prepareDataDirectory } = await loadServer();
  const { openMarket } = await loadMarket();
  const market = await openMarket({ dataDir: prepareDataDirectory(dataDir), sample });
  const imported: ImportReport[] = [];
  const failed: FailedImport[] = [];
  const stop = listenForInterruption();
  for (const path of call.args) {
    const result = await importOne(call, market, { path, signal: stop.signal });
    if (result instanceof AppError) failed.push({ path, fault: result });
    else imported.push(result);
    if (stop.signal.aborted) break;
  }
  stop.ignore();
  if (imported.length > 0) {
    const failures = failed.map(({ path, fault }) => ({ path, ...errorDocument(fault) }));
    call.answer({ imported, failed: failures }, imported.map(importText).join("\n\n"));
  }
  refuseIfFailed(failed, call.args.length);
}

/** A file that fails does not keep the others out: each stands alone. */
async function importOne(
  call: Call,
  market: Market,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<ImportReport | AppError> {
  const { importFile } = await loadMarket();
  const isQuiet = call.options["json"] === true;
  const reading = openBytesProgress(basename(path), isQuiet);
  const writing = openProgress({ name: `${basename(path)}, writing`, unit: "years of series", isQuiet });
  try {
    return await importFile({
      market,
      path,
      symbol: optionText(call, "symbol"),
      timeframe: optionText(call, "timeframe"),
      format: optionText(call, "format"),
      timezone: optionText(call, "timezone"),
      timeFormat: optionText(call, "timeFormat"),
      columns: optionText(call, "columns"),
      onConflict: optionText(call, "onConflict"),
      isAdjusted: optionClaim(call, "adjusted"),
      onProgress: reading.show,
      onWriting: (done, total) => {
        reading.close();
        writing.show(done, total);
      },
      signal,
    });
  } catch (error) {
    if (signal.aborted) return interrupted(`nothing of ${path} was imported`);
    if (error instanceof AppError) return error;
    throw error;
  } finally {
    reading.close();
    writing.close();
  }
}

function refuseIfFailed(failed: readonly FailedImport[], total: number): void {
  const [first] = failed;
  if (first === undefined) return;
  if (total === 1) throw first.fault;
  const isInterrupted = failed.some(({ fault }) => exitOf(fault) === "interrupted");
  const exit = isInterrupted
    ? "interrupted"
    : failed.every(({ fault }) => exitOf(fault) === "usage")
      ? "usage"
      : "fault";
  const lines = failed.map(({ fault }) => `  ${fault.message} (${fault.code})`);
  const message = [`${failed.length} of ${total} files were not imported:`, ...lines].join("\n");
  throw new CommandError("import_failed", message, { exit });
}
