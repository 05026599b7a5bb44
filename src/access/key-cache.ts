/** Keys in memory, and the pairs that have already been found right: what makes the second request cheap. */
import { hash, randomBytes } from "node:crypto";
import { readKeys, versionOf } from "./key-file.ts";
import type { StoredKey } from "./key-file.ts";
import type { Principal } from "./principal.ts";
import { isSecret } from "./secrets.ts";

export interface KeyCache {
  /** Looks at the file before the next answer. */
  readonly forget: () => void;
  /** Throws where the file is damaged. */
  readonly authenticate: (id: string, secret: string) => Principal | undefined;
}

/** Reads the file at once, and again when it has changed; a look at it holds good for `recheckMs` milliseconds. */
export function createKeyCache(path: string, recheckMs: number): KeyCache {
  // Pairs are remembered by a digest under a key of this process: no secret stays in memory.
  const digestKey = randomBytes(32).toString("hex");
  const known = new Map<string, Principal>();
  let keys: ReadonlyMap<string, StoredKey> = new Map();
  let version = "";
  let checkedAt = Number.NEGATIVE_INFINITY;

  const refresh = (): void => {
    const now = performance.now();
    if (now - checkedAt < recheckMs) return;
    const found = versionOf(path);
    if (found !== version) {
      // Forgotten first: where the new file is damaged, no key of the old one goes on working.
      known.clear();
      version = "";
      keys = new Map(readKeys(path).map((key) => [key.id, key]));
      version = found;
    }
    checkedAt = now;
  };
  refresh();
  return {
    forget: () => {
      checkedAt = Number.NEGATIVE_INFINITY;
    },
    authenticate: (id, secret) => {
      refresh();
      const digest = hash("sha256", `${digestKey}${id.length}:${id}${secret}`, "hex");
      const principal = known.get(digest) ?? verify(keys.get(id), secret);
      if (principal !== undefined) known.set(digest, principal);
      return principal;
    },
  };
}

function verify(key: StoredKey | undefined, secret: string): Principal | undefined {
  if (key === undefined || key.revokedAt !== undefined || !isSecret(secret, key.secret)) return undefined;
  return { owner: key.owner, keyId: key.id, binding: key.binding };
}
