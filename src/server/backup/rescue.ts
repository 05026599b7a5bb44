/** What can be read of a data directory with which no server starts, as a new one. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { rescueJournal, type RescuedJournal } from "../../journal/index.ts";
import { AppError } from "../../kernel/index.ts";
import { hasMarker, lockDirectory, prepareDataDirectory } from "../data-directory.ts";
import { begin, freeFolder, type BackupOptions } from "./back-up.ts";
import { copyCatalog } from "./copy-catalog.ts";
import { copyIfThere, type Copying } from "./copying.ts";
import { syncFolders } from "./hashed-file.ts";

export interface RescueReport extends Pick<RescuedJournal, "failed" | "orphans"> {
  /** The new data directory. Absolute. */
  readonly path: string;
  readonly sessions: number;
  /** What could not be taken over, or is damaged in the new directory too. */
  readonly problems: readonly string[];
}

/** Makes the new directory; the old one stays as it is. Throws AppError; nothing is left then. */
export async function rescue(options: BackupOptions): Promise<RescueReport> {
  const from = resolve(options.dataDir);
  if (!hasMarker(from) && !existsSync(join(from, "journal.db"))) {
    throw new AppError("bad_argument", `${from} is no data directory. Name one with --data-dir.`);
  }
  const path = freeFolder(options.to, from);
  const staging = `${path}.${process.pid}.partial`;
  const lock = await lockDirectory(from);
  try {
    await mkdir(dirname(path), { recursive: true });
    const copying = begin(options, from, prepareDataDirectory(staging));
    const { sessions, failed, orphans, loss } = rescueJournal({ from, to: staging });
    await mkdir(join(staging, "pins"), { mode: 0o700 });
    for (const id of sessions) await copyIfThere(copying, `pins/${id}.jsonl`);
    const problems = [
      ...(loss === undefined ? [] : [loss]),
      ...(await takeKeys(copying)),
      ...(await takeBars(copying)),
    ];
    await syncFolders(staging);
    await rename(staging, path);
    return { path, sessions: sessions.length, failed, orphans, problems };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new AppError("backup_failed", `${path} could not be made: ${words}. Nothing of it was kept.`, error);
  } finally {
    lock.release();
    rmSync(staging, { recursive: true, force: true });
  }
}

async function takeKeys(copying: Copying): Promise<readonly string[]> {
  const path = join(copying.from, "keys.json");
  if (!existsSync(path)) return [];
  try {
    JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return [`${path} is damaged: make new keys`];
  }
  await copyIfThere(copying, "keys.json");
  return [];
}

async function takeBars(copying: Copying): Promise<readonly string[]> {
  try {
    return await copyCatalog(copying);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "data_directory_damaged") throw error;
    return [error.message];
  }
}
