/** `tapedeck backup` and `restore`: a data directory as a folder that can be kept elsewhere, and back. */
import { AppError } from "../../kernel/index.ts";
import type { BackupReport, RescueReport, RestoreReport } from "../../server/index.ts";
import { argument, type Call } from "../call.ts";
import { EXIT_CODES, interrupted } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";
import { openBytesProgress } from "../output/progress.ts";
import { counted } from "../output/table.ts";
import { loadServer } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

/** Lines about damage that are printed; the report has all. */
const DAMAGE_SHOWN = 20;

const BYTES_PER_MB = 1_000_000;

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes a backup; its report names what was damaged before. */
export async function backup(call: Call): Promise<void> {
  const { dataDir } = await settingsOf(call);
  const { backUp } = await loadServer();
  const report = await watched(call, (watch) => backUp({ dataDir, to: argument(call, 0), ...watch }));
  call.answer(report, backupText(report));
  if (report.damaged_files.length + report.damaged_sessions.length > 0) process.exitCode = EXIT_CODES.fault.code;
}

/** Makes a data directory of a backup. */
export async function restore(call: Call): Promise<void> {
  const { dataDir } = await settingsOf(call);
  const { restore: run } = await loadServer();
  const isForced = call.options["force"] === true;
  const report = await watched(call, (watch) => run({ from: argument(call, 0), dataDir, isForced, ...watch }));
  call.answer(report, restoreText(report));
}

/** Makes a data directory of what is left of another one. */
export async function rescue(call: Call): Promise<void> {
  const { dataDir } = await settingsOf(call);
  const { rescue: run } = await loadServer();
  const report = await watched(call, (watch) => run({ dataDir, to: argument(call, 0), ...watch }));
  call.answer(report, rescueText(report));
  if (report.failed.length + report.problems.length + report.orphans > 0) process.exitCode = EXIT_CODES.fault.code;
}

async function watched<T>(call: Call, work: (watch: Watch) => Promise<T>): Promise<T> {
  const progress = openBytesProgress("", call.options["json"] === true);
  const { signal, ignore } = listenForInterruption();
  try {
    return await work({ signal, onProgress: progress.show });
  } catch (error) {
    if (error instanceof AppError && error.code === "interrupted") throw interrupted("nothing of it was kept");
    throw error;
  } finally {
    ignore();
    progress.close();
  }
}

const sizeText = (bytes: number): string => `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;

function backupText(report: BackupReport): string {
  const { path, sessions, files, bytes, damaged_sessions, damaged_files, runs } = report;
  const damage = [
    ...damaged_sessions.map(({ id, damaged_at }) => `session ${id} is damaged at entry ${damaged_at}`),
    ...damaged_files,
  ];
  const shown = damage.slice(0, DAMAGE_SHOWN).map((line) => `  ${line}`);
  const more = damage.length > DAMAGE_SHOWN ? [`  … and ${damage.length - DAMAGE_SHOWN} more; see --json`] : [];
  return [
    `${path}: ${counted(sessions, "session")} in ${counted(files, "file")}, ${sizeText(bytes)}`,
    ...(damage.length === 0 ? [] : ["It has this as it is in the data directory, damaged:", ...shown, ...more]),
    ...(runs === 0 ? [] : [`Not in it: ${counted(runs, "folder")} of \`tapedeck run\`; back one up with --data-dir.`]),
    `Restore it with: tapedeck restore ${path}`,
  ].join("\n");
}

function restoreText({ path, moved_to, created_at, by, sessions, files, bytes }: RestoreReport): string {
  const damaged = sessions.filter(({ damaged_at }) => damaged_at !== undefined);
  return [
    `${path}: ${counted(sessions.length, "session")} in ${counted(files, "file")}, ${sizeText(bytes)}, as of ${created_at} (${by})`,
    ...(moved_to === null ? [] : [`What was there before is now ${moved_to}`]),
    ...damaged.map(({ id, damaged_at }) => `Session ${id} was damaged before the backup, at entry ${damaged_at}`),
  ].join("\n");
}

function rescueText({ path, sessions, failed, orphans, problems }: RescueReport): string {
  return [
    `${path}: ${counted(sessions - failed.length, "whole session")}`,
    ...failed.map((id) => `Entries are lost of session ${id}`),
    ...(orphans === 0 ? [] : [`${counted(orphans, "more record")} of sessions that are lost, or were deleted before`]),
    ...problems,
    `Go on with: tapedeck serve --data-dir ${path}`,
  ].join("\n");
}
