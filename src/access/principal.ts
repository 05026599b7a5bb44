/** Who a request comes from. */

/** What the rest of the server knows of a caller. Whatever a key may or may not do will stand here, beside its owner. */
export interface Principal {
  /** Owns sessions. Stays the same when a key gets a new secret. */
  readonly owner: string;
  /** The key that was shown, for logs. */
  readonly keyId: string;
  /** The one account that the key was made for, by its wire id; undefined for a key that may do everything its owner may. */
  readonly account?: string | undefined;
}
