/** The manifest of a backup: what is in it, and a seal over itself. Written last: a folder without one is no backup. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../kernel/index.ts";
import type { FileRecord } from "./hashed-file.ts";

/** Raised when the layout of backups changes; a newer one is refused. */
export const BACKUP_VERSION = 1;

export const BACKUP_FORMAT = "tapedeck-backup";
export const MANIFEST_NAME = "backup.json";

/** The folder in a backup that becomes the data directory. */
export const CONTENT_FOLDER = "data";

/** A manifest of a million files. */
const MANIFEST_BYTES_MAX = 256 * 1_048_576;

export interface BackedUpSession {
  readonly id: string;
  readonly journal_seq: number;
  readonly journal_hash: string;
  /** The first entry whose hash does not hold; absent where all do. */
  readonly damaged_at?: number;
}

export interface BackupManifest {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: number;
  /** Program and version that wrote it. */
  readonly by: string;
  /** Wall time at which it began, RFC 3339. */
  readonly created_at: string;
  /** Version of the journal's schema; null where there was no journal. */
  readonly journal: number | null;
  readonly sessions: readonly BackedUpSession[];
  readonly files: readonly FileRecord[];
}

/** The text of a manifest: its last line is the seal, SHA-256 of the lines before it. */
export function sealed(manifest: BackupManifest): string {
  const body = `${JSON.stringify(manifest, undefined, 1)}\n`;
  return `${body}${sealOf(body)}\n`;
}

const sealOf = (body: string): string => createHash("sha256").update(body).digest("hex");

export const refusedBackup = (what: string): AppError =>
  new AppError("backup_refused", `${what}. Nothing was restored; use another backup.`);

/** Reads and checks the manifest of a backup; its files are not looked at. Throws AppError "backup_refused". */
export function readBackupManifest(folder: string): BackupManifest {
  const path = join(folder, MANIFEST_NAME);
  const text = readText(path);
  const end = text.lastIndexOf("\n", text.length - 2) + 1;
  if (sealOf(text.slice(0, end)) !== text.slice(end).trimEnd()) {
    throw refusedBackup(`${path} is damaged: its last line is not the SHA-256 of the lines before`);
  }
  const value = parsed(path, text.slice(0, end));
  if (value["format"] !== BACKUP_FORMAT) throw refusedBackup(`${path} is not the manifest of a backup`);
  const version = value["version"];
  if (typeof version === "number" && version > BACKUP_VERSION) {
    const words = `${path} has version ${version}, this program reads up to ${BACKUP_VERSION}`;
    throw new AppError("backup_refused", `${words}. Use the version of Tapedeck that wrote it.`);
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw refusedBackup(`${path}: ${problem}`);
  return value as unknown as BackupManifest;
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= MANIFEST_BYTES_MAX) return bytes.toString("utf8");
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw refusedBackup(`There is no whole backup: its manifest cannot be read (${words})`);
  }
  throw refusedBackup(`${path} is larger than ${MANIFEST_BYTES_MAX} bytes`);
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below, as for every other text that is no object.
  }
  throw refusedBackup(`${path} is not the manifest of a backup`);
}

function problemOf({
  version,
  created_at,
  files,
  sessions,
  journal,
}: Readonly<Record<string, unknown>>): string | undefined {
  if (!isCount(version) || version < 1) return "version is not a count";
  if (typeof created_at !== "string" || Number.isNaN(Date.parse(created_at))) return "created_at is no time";
  if (journal !== null && !isCount(journal)) return "journal is not a count";
  if (!Array.isArray(sessions) || !sessions.every(isSession)) return "sessions is not a list of sessions";
  if (!Array.isArray(files)) return "files is not a list";
  const wrong = files.findIndex((file) => !isFile(file));
  if (wrong >= 0) return `files[${wrong}] is not a file of a data directory: ${shown(files[wrong])}`;
  const paths = new Set((files as FileRecord[]).map(({ path }) => path.toLowerCase()));
  return paths.size === files.length ? undefined : "files names one file twice";
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? "").slice(0, 200);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isHash = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const isSession = (value: unknown): boolean =>
  isRecord(value) && typeof value["id"] === "string" && isCount(value["journal_seq"]) && isHash(value["journal_hash"]);

const isFile = (value: unknown): boolean =>
  isRecord(value) &&
  isPath(value["path"]) &&
  isCount(value["size"]) &&
  isHash(value["sha256"]) &&
  typeof value["mode"] === "string" &&
  /^[0-7]{3}$/.test(value["mode"]);

/** What Tapedeck itself writes, and nothing else: no way out of the directory, and no program that somebody would run. */
const PATHS: readonly RegExp[] = [
  /^(?:tapedeck\.json|keys\.json|journal\.db|marks\.bin)$/,
  /^pins\/[\w-]{1,64}\.jsonl$/,
  /^market\/manifest\.json$/,
  /^market\/(?:corporate-actions|assets)-[0-9a-f]{16}\.csv$/,
  /^market\/downloads\/[\w.~-]{1,200}\.json$/,
  /^market\/bars\/\w\/[\w.~-]{1,100}\.bars$/,
];

const isPath = (value: unknown): boolean => typeof value === "string" && PATHS.some((path) => path.test(value));
