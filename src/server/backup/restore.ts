/** A backup put back as a data directory: every byte is checked beside the place before anything there is touched. */
import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { mkdir, rename, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { openLocalJournal } from "../../journal/index.ts";
import { AppError } from "../../kernel/index.ts";
import { isUnusedDirectory, lockDirectory, MARKER } from "../data-directory.ts";
import { CONTENT_FOLDER, readBackupManifest, refusedBackup, type BackupManifest } from "./backup-manifest.ts";
import { copyHashed, syncFolder, syncFolders, type FileRecord, type FileWork } from "./hashed-file.ts";

export interface RestoreOptions {
  /** The folder of a backup. */
  readonly from: string;
  readonly dataDir: string;
  /** Whether a data directory that is there is moved aside. */
  readonly isForced: boolean;
  readonly signal?: AbortSignal;
  /** Bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface RestoreReport {
  /** The data directory. Absolute. */
  readonly path: string;
  /** Where the one before is now; null where there was none. */
  readonly moved_to: string | null;
  /** When the backup was made, and by which version. */
  readonly created_at: string;
  readonly by: string;
  readonly sessions: BackupManifest["sessions"];
  readonly files: number;
  readonly bytes: number;
}

/**
 * Restores a backup into a directory that is empty or not there. Throws AppError "backup_refused" for a backup that is
 * not as it was written, "bad_argument" for a directory that is in use, "data_directory_locked" while a server has it.
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const from = resolve(options.from);
  const path = resolve(options.dataDir);
  const manifest = readBackupManifest(from);
  const isEmpty = existsSync(path) && isUnusedDirectory(path);
  if (existsSync(path) && !isEmpty) checkForce(path, options.isForced);
  // An empty one may be the root of a volume, which cannot be replaced, but filled.
  const staging = isEmpty ? join(path, `restore.${process.pid}.partial`) : `${path}.${process.pid}.partial`;
  try {
    await mkdir(staging, { recursive: true, mode: 0o700 });
    await copyAll(join(from, CONTENT_FOLDER), staging, manifest, workOf(options, manifest));
    await checkJournal(staging, manifest);
    await syncFolders(staging);
    const movedTo = isEmpty ? await fill(path, staging) : await replace(path, staging);
    return {
      path,
      moved_to: movedTo ?? null,
      created_at: manifest.created_at,
      by: manifest.by,
      sessions: manifest.sessions,
      files: manifest.files.length,
      bytes: bytesOf(manifest),
    };
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(path, error);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function checkForce(path: string, isForced: boolean): void {
  const names = readdirSync(path);
  if (!names.includes(MARKER) && !names.includes("journal.db")) {
    throw new AppError("bad_argument", `${path} is neither empty nor a data directory. Choose another --data-dir.`);
  }
  if (isForced) return;
  throw new AppError("bad_argument", `${path} is not empty. Choose another --data-dir, or move it aside with --force.`);
}

const bytesOf = ({ files }: BackupManifest): number => files.reduce((sum, { size }) => sum + size, 0);

function workOf({ signal, onProgress = () => undefined }: RestoreOptions, manifest: BackupManifest): FileWork {
  const total = bytesOf(manifest);
  let done = 0;
  return {
    onBytes: (bytes) => {
      done += bytes;
      onProgress(done, total);
    },
    check: () => {
      if (signal?.aborted === true) throw new AppError("interrupted", "The restore was ended before it was whole.");
    },
  };
}

async function copyAll(from: string, to: string, { files }: BackupManifest, work: FileWork): Promise<void> {
  for (const file of files) checkThere(join(from, file.path), file);
  for (const file of files) {
    const target = join(to, file.path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const { size, sha256 } = await copyHashed(join(from, file.path), target, work, Number.parseInt(file.mode, 8));
    if (size === file.size && sha256 === file.sha256) continue;
    throw refusedBackup(`${join(from, file.path)} is damaged: it is not the file that was written`);
  }
}

/** A file of its own, not a link that leads elsewhere. */
function checkThere(path: string, { size }: FileRecord): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw refusedBackup(`${path} is missing`);
  if (!found.isFile()) throw refusedBackup(`${path} is no plain file`);
  if (found.size !== size) throw refusedBackup(`${path} has ${found.size} bytes, ${size} were written`);
}

/** That this version opens it, and that each session ends where the manifest says. */
async function checkJournal(directory: string, { journal, sessions }: BackupManifest): Promise<void> {
  if (journal === null) return;
  try {
    const opened = openLocalJournal({ directory });
    const wrong = await firstWrong(opened, sessions);
    await opened.close();
    if (wrong !== undefined) throw refusedBackup(`Its journal does not have session ${wrong} as its manifest says`);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "backup_refused") throw error;
    throw refusedBackup(`Its journal cannot be used: ${error.message.replace(/\.$/, "")}`);
  }
}

async function firstWrong(
  journal: ReturnType<typeof openLocalJournal>,
  sessions: BackupManifest["sessions"],
): Promise<string | undefined> {
  for (const { id, journal_seq, journal_hash } of sessions) {
    const summary = await journal.find(id);
    if (summary?.lastSeq !== journal_seq || summary.lastHash !== journal_hash) return id;
  }
  return undefined;
}

/** The marker last: without it nobody takes the directory for one that is whole. */
async function fill(path: string, staging: string): Promise<undefined> {
  const names = readdirSync(staging).toSorted((a, b) => Number(a === MARKER) - Number(b === MARKER));
  for (const name of names) await rename(join(staging, name), join(path, name));
  await rmdir(staging);
  await syncFolder(path);
}

/** Gives where the directory before is now. */
async function replace(path: string, staging: string): Promise<string | undefined> {
  const lock = existsSync(path) ? await lockDirectory(path) : undefined;
  try {
    const aside = lock === undefined ? undefined : `${path}.before-${new Date().toISOString().replace(/[:.]/g, "-")}`;
    if (aside !== undefined) await rename(path, aside);
    await rename(staging, path);
    await syncFolder(dirname(path));
    return aside;
  } finally {
    lock?.release();
  }
}

function unwritable(path: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  return new AppError("backup_failed", `${path} could not be restored: ${words}. Nothing there was changed.`, error);
}
