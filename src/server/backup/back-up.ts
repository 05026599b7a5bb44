/** A backup of a data directory, made beside a running server or without one: a new folder, whole or not there at all. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { copyJournal, type JournalCopy } from "../../journal/index.ts";
import { AppError } from "../../kernel/index.ts";
import { hasMarker, MARKER, prepareDataDirectory } from "../data-directory.ts";
import { VERSION } from "../version.ts";
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  CONTENT_FOLDER,
  MANIFEST_NAME,
  sealed,
  type BackedUpSession,
  type BackupManifest,
} from "./backup-manifest.ts";
import { copyCatalog } from "./copy-catalog.ts";
import { copyIfThere, copyOne, type Copying } from "./copying.ts";
import { hashFile, syncFolder, syncFolders } from "./hashed-file.ts";

export interface BackupOptions {
  readonly dataDir: string;
  /** The folder to make. */
  readonly to: string;
  readonly signal?: AbortSignal;
  /** Bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface BackupReport {
  /** Absolute. */
  readonly path: string;
  readonly created_at: string;
  readonly sessions: number;
  readonly files: number;
  readonly bytes: number;
  /** Sessions whose journal was damaged before; the backup has them as they are. */
  readonly damaged_sessions: readonly { readonly id: string; readonly damaged_at: number }[];
  /** What is wrong with files of bars; one that could be read is in the backup as it is. */
  readonly damaged_files: readonly string[];
  /** Of `tapedeck run`: directories of their own, which are not in it. */
  readonly runs: number;
}

/**
 * Makes a backup. Throws AppError "bad_argument" for a folder that is not free, "backup_failed" where the disk says no,
 * and what the journal and the catalog throw of damage; nothing is left then.
 */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const from = existingDirectory(options.dataDir);
  const path = freeFolder(options.to, from);
  const staging = `${path}.${process.pid}.partial`;
  const createdAt = new Date().toISOString();
  try {
    const copying = begin(options, from, join(staging, CONTENT_FOLDER));
    await mkdir(copying.to, { recursive: true, mode: 0o700 });
    const journal = await copyJournalFiles(copying);
    for (const name of [MARKER, "keys.json"]) if (existsSync(join(from, name))) await copyOne(copying, name);
    const damagedFiles = await copyCatalog(copying);
    const sessions = (journal?.sessions ?? []).map(sessionOf);
    const manifest: BackupManifest = {
      format: BACKUP_FORMAT,
      version: BACKUP_VERSION,
      by: `tapedeck ${VERSION}`,
      created_at: createdAt,
      journal: journal?.version ?? null,
      sessions,
      files: copying.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    };
    await finish(staging, path, sealed(manifest));
    return {
      path,
      created_at: createdAt,
      sessions: sessions.length,
      files: manifest.files.length,
      bytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
      damaged_sessions: sessions.flatMap(({ id, damaged_at }) =>
        damaged_at === undefined ? [] : [{ id, damaged_at }],
      ),
      damaged_files: damagedFiles,
      runs: runsIn(from),
    };
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(path, error);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function existingDirectory(dataDir: string): string {
  if (hasMarker(dataDir)) return prepareDataDirectory(dataDir);
  throw new AppError("bad_argument", `${dataDir} is no data directory. Name one with --data-dir.`);
}

/** The absolute path of a folder that is to be made. */
export function freeFolder(to: string, from: string): string {
  const path = resolve(to);
  if (path === from || path.startsWith(from + sep)) {
    throw new AppError("bad_argument", `${path} lies in the data directory itself. Choose a folder elsewhere.`);
  }
  if (existsSync(path) && !(statSync(path).isDirectory() && readdirSync(path).length === 0)) {
    throw new AppError("bad_argument", `${path} is there already. A backup is a new folder: choose another name.`);
  }
  return path;
}

/** The work, before anything of it is done. */
export function begin({ signal, onProgress = () => undefined }: BackupOptions, from: string, to: string): Copying {
  let [done, total] = [0, 0];
  return {
    from,
    to,
    files: [],
    expect: (bytes) => {
      total += bytes;
    },
    onBytes: (bytes) => {
      done += bytes;
      onProgress(done, Math.max(done, total));
    },
    check: () => {
      if (signal?.aborted === true) throw new AppError("interrupted", "The backup was ended before it was whole.");
    },
  };
}

/** The database and the marks, then what sessions have used of the bars. */
async function copyJournalFiles(copying: Copying): Promise<JournalCopy | undefined> {
  const { from, to, expect, onBytes, check } = copying;
  const path = join(from, "journal.db");
  const size = existsSync(path) ? statSync(path).size : 0;
  // It is copied, and the copy is read again for its hash.
  expect(2 * size);
  let shown = 0;
  const journal = await copyJournal({
    from,
    to,
    check,
    onProgress: (share) => {
      onBytes(Math.max(0, Math.floor(share * size) - shown));
      shown = Math.max(shown, Math.floor(share * size));
    },
  });
  if (journal === undefined) return undefined;
  for (const leftover of ["journal.db-wal", "journal.db-shm"]) rmSync(join(to, leftover), { force: true });
  for (const name of ["journal.db", "marks.bin"]) {
    copying.files.push({ path: name, ...(await hashFile(join(to, name), copying)) });
  }
  await mkdir(join(to, "pins"), { mode: 0o700 });
  for (const { id } of journal.sessions) await copyIfThere(copying, `pins/${id}.jsonl`);
  return journal;
}

const sessionOf = ({ id, seq, hash, damagedAt }: JournalCopy["sessions"][number]): BackedUpSession => ({
  id,
  journal_seq: seq,
  journal_hash: hash,
  ...(damagedAt === undefined ? {} : { damaged_at: damagedAt }),
});

/** Everything is on disk before the manifest is, and that before the folder has its name. */
async function finish(staging: string, path: string, manifest: string): Promise<void> {
  await syncFolders(join(staging, CONTENT_FOLDER));
  const file = await open(join(staging, MANIFEST_NAME), "wx", 0o600);
  try {
    await file.writeFile(manifest);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(staging);
  await rename(staging, path);
  await syncFolder(dirname(path));
}

function runsIn(directory: string): number {
  const runs = join(directory, "runs");
  return existsSync(runs) ? readdirSync(runs).filter((name) => hasMarker(join(runs, name))).length : 0;
}

function unwritable(path: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  return new AppError(
    "backup_failed",
    `The backup ${path} could not be made: ${words}. Nothing of it was kept.`,
    error,
  );
}
