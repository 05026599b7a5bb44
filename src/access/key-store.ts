/** The keys of one data directory: made, shown, renewed and revoked here, and asked for on every request. */
import { timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { AppError, NAME_LENGTH_MAX } from "../kernel/index.ts";
import { acquireFileLock } from "./file-lock.ts";
import { createKeyCache } from "./key-cache.ts";
import { addKey, revokeKey, revokeSession, rotateKey, summarize } from "./key-edits.ts";
import type { Edit, NewKey, NewKeyRequest } from "./key-edits.ts";
import { readKeys, writeKeys } from "./key-file.ts";
import type { KeySummary, StoredKey } from "./key-file.ts";
import type { Principal } from "./principal.ts";

/** How long another process may hold the file: its change takes about 1 ms, its start 200. */
const LOCK_WAIT_MS = 5000;

/** How long a key that another process has revoked may still pass, in milliseconds; looking at the file costs 3 µs. */
const RECHECK_MS = 100;

/** Published in the documentation, so that examples work as they stand. */
const DEVELOPMENT_KEY = { id: "test-api-key", secret: "test-api-secret" };
const DEVELOPMENT: Principal = { owner: "development", keyId: DEVELOPMENT_KEY.id };

export interface KeyStoreOptions {
  /** The data directory; must exist. */
  readonly directory: string;
  /** Whether the published key is known: only where nobody but this machine can reach the server. */
  readonly developmentKey: boolean;
  /** For how many milliseconds a look at the file holds good. */
  readonly recheckMs?: number;
}

export interface KeyStore {
  /** Throws AppError "bad_argument" for a name that is empty, too long or has control characters. */
  readonly create: (key: NewKeyRequest) => Promise<NewKey>;
  /** Oldest first, revoked ones included; never a secret. */
  readonly list: () => readonly KeySummary[];
  /** Gives a key a new secret; the old one stops working, its sessions stay. AppError "bad_argument": unknown, revoked. */
  readonly rotate: (id: string) => Promise<NewKey>;
  /** Ends a key for good; a second time changes nothing. AppError "bad_argument": unknown. */
  readonly revoke: (id: string) => Promise<KeySummary>;
  /** Ends every key that was made for a session or an account of it. */
  readonly revokeSession: (session: string) => Promise<void>;
  /** The published key, where it is known. */
  readonly developmentKey: { readonly id: string; readonly secret: string } | undefined;
  /** Who shows this pair; undefined for an unknown, wrong or revoked one. Throws where the file is damaged. */
  readonly authenticate: (id: string, secret: string) => Principal | undefined;
}

/** Reads the file at once. Throws AppError "data_directory_damaged" or "data_directory_newer", naming it. */
export function createKeyStore(options: KeyStoreOptions): KeyStore {
  const path = join(options.directory, "keys.json");
  const cache = createKeyCache(path, options.recheckMs ?? RECHECK_MS);
  const change = async <T>(edit: (keys: readonly StoredKey[]) => Edit<T>): Promise<T> => {
    const lock = await acquireFileLock(join(options.directory, "keys.lock"), { waitMs: LOCK_WAIT_MS });
    if (lock === undefined)
      throw new AppError("data_directory_locked", `${path} is being changed by another process. Try again.`);
    try {
      const { keys, result } = edit(readKeys(path));
      writeKeys(path, keys);
      return result;
    } finally {
      lock.release();
      cache.forget();
    }
  };
  return {
    create: async (wanted) => {
      checkName(wanted.name);
      return change((keys) => addKey(keys, wanted));
    },
    list: () => readKeys(path).map(summarize),
    rotate: (id) => change((keys) => rotateKey(keys, id)),
    revoke: (id) => change((keys) => revokeKey(keys, id)),
    revokeSession: async (session) => {
      if (readKeys(path).some(({ binding }) => binding?.session === session)) {
        await change((keys) => revokeSession(keys, session));
      }
    },
    developmentKey: options.developmentKey ? DEVELOPMENT_KEY : undefined,
    authenticate: (id, secret) => {
      if (options.developmentKey && isDevelopmentKey(id, secret)) return DEVELOPMENT;
      return cache.authenticate(id, secret);
    },
  };
}

function isDevelopmentKey(id: string, secret: string): boolean {
  return id === DEVELOPMENT_KEY.id && isSameText(secret, DEVELOPMENT_KEY.secret);
}

function isSameText(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function checkName(name: string): void {
  if (name !== "" && name.length <= NAME_LENGTH_MAX && !/\p{Cc}|\p{Cs}/u.test(name)) return;
  const wanted = `1 to ${NAME_LENGTH_MAX} characters without control characters`;
  throw new AppError(
    "bad_argument",
    `name is ${JSON.stringify(name.slice(0, 40))} (${name.length} characters); it takes ${wanted}.`,
  );
}
