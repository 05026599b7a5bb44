/** The file of keys: keys.json in the data directory, read whole, replaced atomically, readable by its owner alone. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../kernel/index.ts";
import type { KeyBinding, KeyScope } from "./principal.ts";
import type { SecretHash } from "./secrets.ts";

/** Raised when the file's fields change their meaning; a newer one is refused. Since 2 a key may be for one account. */
const FORMAT = 2;

/** What may be shown of a key. */
export interface KeySummary {
  readonly id: string;
  /** Who owns the sessions that the key makes. */
  readonly owner: string;
  readonly name: string;
  /** Wall time, RFC 3339, as the other two. */
  readonly createdAt: string;
  readonly rotatedAt: string | undefined;
  readonly revokedAt: string | undefined;
  /** What it was made for; undefined: for all that its owner may do. */
  readonly binding: KeyBinding | undefined;
}

export interface StoredKey extends KeySummary {
  readonly secret: SecretHash;
}

/** The keys in the file, oldest first; none where there is no file. Throws AppError naming the file. */
export function readKeys(path: string): readonly StoredKey[] {
  const text = readText(path);
  return text === undefined ? [] : parseKeys(path, text);
}

/**
 * Replaces the file: a reader sees the old keys or the new ones. The caller holds the lock. Throws AppError
 * "bad_argument" where the directory cannot be written.
 */
export function writeKeys(path: string, keys: readonly StoredKey[]): void {
  const draft = `${path}.new`;
  const text = `${JSON.stringify({ format: FORMAT, keys: keys.map(toJson) }, undefined, 2)}\n`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    renameSync(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "bad_argument",
      `${path} cannot be written: ${words}. Check the disk and its permissions.`,
      error,
    );
  }
}

/** Changes whenever the file does: each write makes a new file. */
export function versionOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino}-${found.mtimeNs}-${found.size}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw damaged(path, "it cannot be read", error);
  }
}

function parseKeys(path: string, text: string): readonly StoredKey[] {
  const file = parseJson(path, text);
  if (!isRecord(file) || typeof file["format"] !== "number") throw damaged(path, "it has no format");
  if (file["format"] > FORMAT) {
    const message = `${path} has format ${file["format"]}, this version reads up to ${FORMAT}. Use the version that wrote it.`;
    throw new AppError("data_directory_newer", message);
  }
  const { keys } = file;
  if (!Array.isArray(keys)) throw damaged(path, "it has no list of keys");
  return keys.map((key: unknown, index) => parseKey(path, index, key));
}

/** The cause is left out: the parser's words quote the file, and hashes belong in no log. */
function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, "it is not JSON");
  }
}

function parseKey(path: string, index: number, key: unknown): StoredKey {
  const read = (field: string, pattern: RegExp): string => {
    const value = isRecord(key) ? key[field] : undefined;
    if (typeof value !== "string" || !pattern.test(value))
      throw damaged(path, `${field} of key ${index + 1} is missing or wrong`);
    return value;
  };
  const readOptional = (field: string): string | undefined =>
    isRecord(key) && key[field] === null ? undefined : read(field, TIME);
  return {
    id: read("id", /^TK[A-Z2-7]{18}$/),
    owner: read("owner", /^.{1,64}$/),
    name: read("name", /^.+$/su),
    createdAt: read("created_at", TIME),
    rotatedAt: readOptional("rotated_at"),
    revokedAt: readOptional("revoked_at"),
    binding: readBinding(key, read),
    secret: { salt: read("salt", /^[0-9a-f]{32}$/), hash: read("hash", /^[0-9a-f]{64}$/) },
  };
}

/** Format 1 had none. */
function readBinding(key: unknown, read: (field: string, pattern: RegExp) => string): KeyBinding | undefined {
  const account = isRecord(key) ? (key["account"] ?? null) : null;
  if (account === null) return undefined;
  const scope = read("scope", /^(account|session)$/) as KeyScope;
  return { account: read("account", UUID), session: read("session", UUID), scope };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

const toJson = (key: StoredKey): unknown => ({
  id: key.id,
  owner: key.owner,
  name: key.name,
  created_at: key.createdAt,
  rotated_at: key.rotatedAt ?? null,
  revoked_at: key.revokedAt ?? null,
  account: key.binding?.account ?? null,
  session: key.binding?.session ?? null,
  scope: key.binding?.scope ?? null,
  salt: key.secret.salt,
  hash: key.secret.hash,
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function damaged(path: string, problem: string, cause?: unknown): AppError {
  return new AppError(
    "data_directory_damaged",
    `${path} is damaged: ${problem}. Restore it from a backup, or remove it and create keys anew.`,
    cause,
  );
}

/** A rename is durable once its directory is; Windows, which cannot open one, sees to it itself. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
