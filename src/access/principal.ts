/** Who a request comes from. */

/** What the rest of the server knows of a caller. Whatever a key may or may not do will stand here, beside its owner. */
export interface Principal {
  /** Owns sessions. Stays the same when a key gets a new secret. */
  readonly owner: string;
  /** The key that was shown, for logs. */
  readonly keyId: string;
}
