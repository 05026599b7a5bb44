/** Who a request comes from. */

/** What the rest of the server knows of a caller. Whatever a key may or may not do will stand here, beside its owner. */
export interface Principal {
  /** Owns sessions. Stays the same when a key gets a new secret. */
  readonly owner: string;
  /** The key that was shown, for logs. */
  readonly keyId: string;
  /** What the key was made for; undefined for a key that may do everything its owner may. */
  readonly binding?: KeyBinding | undefined;
}

/** A key for one account sees nothing else; one for its session may move the clock of that session too. */
export const KEY_SCOPES = ["account", "session"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface KeyBinding {
  readonly session: string;
  /** Wire id of the account. */
  readonly account: string;
  readonly scope: KeyScope;
}
