/** The data directory: recognized by its marker, and used by one server at a time. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { acquireFileLock, type FileLock } from "../access/index.ts";
import { AppError } from "../kernel/index.ts";

/** Raised when the layout changes in a way that older versions cannot read; a newer one is refused. */
const FORMAT = 1;

export const MARKER = "tapedeck.json";
const MARKER_DRAFT = "tapedeck.json.new";
const LOCK = "server.lock";

/** Written by a server once it listens: its process id and address. */
const SERVER_FILE = "server.json";

/** What may stand in a directory that nobody has used yet: a volume's own folder, and a start that was cut short. */
const isIgnored = (name: string): boolean => name === "lost+found" || name.startsWith(MARKER_DRAFT);

/** Names of foreign files in a message. */
const NAMES_SHOWN_MAX = 3;

export interface DataDirectory {
  /** Absolute. */
  readonly path: string;
  /** Gives the lock back. A second time changes nothing. */
  readonly release: () => Promise<void>;
}

/**
 * Prepares the directory and takes its lock, which lasts until it is released or the process ends. Throws AppError
 * "data_directory_foreign", "…_newer", "…_damaged" or "…_locked", having touched nothing.
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const directory = prepareDataDirectory(path);
  const lock = await lockDirectory(directory);
  return { path: directory, release: async () => lock.release() };
}

/** Takes the lock alone, of a directory that may be damaged. Throws AppError "data_directory_locked". */
export async function lockDirectory(directory: string): Promise<FileLock> {
  const lock = await acquireFileLock(join(directory, LOCK), { waitMs: 0 });
  if (lock === undefined) throw locked(directory);
  return lock;
}

/** Whether nobody has used a directory yet. */
export const isUnusedDirectory = (path: string): boolean => readNames(path).every(isIgnored);

/** Whether a directory is there and Tapedeck's. */
export const hasMarker = (path: string): boolean => existsSync(join(path, MARKER));

/**
 * Makes sure that a directory is Tapedeck's, creating an empty one where there is none; takes no lock, for what may be
 * done beside a running server. Gives the absolute path.
 */
export function prepareDataDirectory(path: string): string {
  const directory = resolve(path);
  const names = readNames(directory);
  if (names.includes(MARKER)) {
    checkMarker(join(directory, MARKER));
    return directory;
  }
  const foreign = names.filter((name) => !isIgnored(name)).sort();
  if (foreign.length > 0) throw notOurs(directory, foreign);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeMarker(directory);
  } catch (error) {
    throw unusable(directory, error);
  }
  return directory;
}

function readNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    if (codeOf(error) === "ENOTDIR") {
      throw new AppError(
        "data_directory_foreign",
        `${directory} is not a directory. Choose another one with --data-dir.`,
        error,
      );
    }
    throw unusable(directory, error);
  }
}

/** Renamed into place, so that there is never half a marker; each process has a draft of its own, as two may begin at once. */
function writeMarker(directory: string): void {
  const marker = { format: FORMAT, created_at: new Date().toISOString() };
  const draft = join(directory, `${MARKER_DRAFT}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(marker)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, join(directory, MARKER));
}

function checkMarker(path: string): void {
  const format = readField(path, "format");
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1) {
    throw new AppError("data_directory_damaged", `${path} is damaged: it names no format. Restore it from a backup.`);
  }
  if (format > FORMAT) {
    const message = `${path} says that the data directory has format ${format}; this version reads up to ${FORMAT}. Use the version that wrote it.`;
    throw new AppError("data_directory_newer", message);
  }
}

/** One field of a JSON file; undefined for a file that cannot be read, or is something else. */
function readField(path: string, field: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
  } catch {
    return undefined;
  }
}

function notOurs(directory: string, names: readonly string[]): AppError {
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(", ");
  const rest = names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : "";
  const message = `${directory} is not a Tapedeck data directory: it has no ${MARKER}, but ${shown}${rest}. Choose an empty directory with --data-dir.`;
  return new AppError("data_directory_foreign", message);
}

function locked(directory: string): AppError {
  const file = join(directory, SERVER_FILE);
  const [pid, url] = [readField(file, "pid"), readField(file, "url")];
  const holder = typeof pid === "number" && typeof url === "string" ? ` (process ${pid}, ${url})` : "";
  const message = `${join(directory, LOCK)} is held by another server${holder}. Stop it, or choose another directory with --data-dir.`;
  return new AppError("data_directory_locked", message);
}

function unusable(directory: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  return new AppError("bad_argument", `The data directory ${directory} cannot be used: ${words}.`, error);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
