/** What can be done to a list of keys: each change gives a new list. */
import { randomUUID } from "node:crypto";
import { AppError } from "../kernel/index.ts";
import type { KeySummary, StoredKey } from "./key-file.ts";
import type { KeyBinding } from "./principal.ts";
import { hashSecret, newKeyId, newSecret } from "./secrets.ts";

/** A key with its secret, which is shown this once. */
export interface NewKey extends KeySummary {
  readonly secret: string;
}

/** The keys after a change, and what its caller is told. */
export interface Edit<T> {
  readonly keys: readonly StoredKey[];
  readonly result: T;
}

/** What a new key is to be. */
export interface NewKeyRequest {
  readonly name: string;
  /** Whose sessions it is for, and what of them; undefined: it gets an owner of its own. */
  readonly boundTo?: (KeyBinding & { readonly owner: string }) | undefined;
}

/** A new key. */
export function addKey(keys: readonly StoredKey[], { name, boundTo }: NewKeyRequest): Edit<NewKey> {
  const secret = newSecret();
  const key: StoredKey = {
    id: newKeyId(),
    owner: boundTo?.owner ?? randomUUID(),
    name,
    createdAt: now(),
    rotatedAt: undefined,
    revokedAt: undefined,
    binding:
      boundTo === undefined ? undefined : { account: boundTo.account, session: boundTo.session, scope: boundTo.scope },
    secret: hashSecret(secret),
  };
  return { keys: [...keys, key], result: { ...summarize(key), secret } };
}

/** A new secret under the same id and owner. */
export function rotateKey(keys: readonly StoredKey[], id: string): Edit<NewKey> {
  const key = findKey(keys, id);
  if (key.revokedAt !== undefined) {
    throw new AppError("bad_argument", `key ${id} was revoked on ${key.revokedAt}; create a new one.`);
  }
  const secret = newSecret();
  const renewed = { ...key, rotatedAt: now(), secret: hashSecret(secret) };
  return { keys: replaceKey(keys, renewed), result: { ...summarize(renewed), secret } };
}

/** Keeps the key, so that it can be listed, and the date of its first revocation. */
export function revokeKey(keys: readonly StoredKey[], id: string): Edit<KeySummary> {
  const key = findKey(keys, id);
  const revoked = { ...key, revokedAt: key.revokedAt ?? now() };
  return { keys: replaceKey(keys, revoked), result: summarize(revoked) };
}

/** Ends all keys of a session that is no more. */
export function revokeSession(keys: readonly StoredKey[], session: string): Edit<number> {
  const ended = keys.filter((key) => key.binding?.session === session && key.revokedAt === undefined);
  const at = now();
  const left = keys.map((key) => (ended.includes(key) ? { ...key, revokedAt: at } : key));
  return { keys: left, result: ended.length };
}

function findKey(keys: readonly StoredKey[], id: string): StoredKey {
  const key = keys.find((one) => one.id === id);
  if (key !== undefined) return key;
  // Someone may have given the secret by mistake: what they gave is not repeated.
  throw new AppError("bad_argument", "No key has the id that was given; `tapedeck keys list` shows all ids.");
}

const replaceKey = (keys: readonly StoredKey[], key: StoredKey): readonly StoredKey[] =>
  keys.map((one) => (one.id === key.id ? key : one));

/** What may be shown: everything but the secret. */
export function summarize(key: StoredKey): KeySummary {
  const { secret: _secret, ...summary } = key;
  return summary;
}

const now = (): string => new Date().toISOString();
