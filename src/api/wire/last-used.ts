/** When each key was last shown with its secret, since the server started; kept in memory. */
import type { Authenticate } from "./auth.ts";

export interface LastUsed {
  readonly authenticate: Authenticate;
  /** Epoch milliseconds of the wall clock, to about 100; undefined: not since the start. */
  readonly of: (keyId: string) => number | undefined;
}

/** Only keys that are good are remembered, so there are never more than there are keys. */
export function watchKeys(authenticate: Authenticate, now: () => number): LastUsed {
  const times = new Map<string, number>();
  return {
    authenticate: (keyId, secret) => {
      const principal = authenticate(keyId, secret);
      if (principal !== undefined) times.set(principal.keyId, now());
      return principal;
    },
    of: (keyId) => times.get(keyId),
  };
}
