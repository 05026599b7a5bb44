/** Invariants: what must be true of our own code, whatever the input was. */

/** A broken invariant. It stops the session it belongs to and nothing else. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Throws an `InvariantError` unless `condition` holds. State the claim positively: "Invariant: filled ≤ quantity". */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InvariantError(claim);
}

/** What stands in for a value that must be there: `found ?? missing("Invariant: …")`. */
export function missing(claim: string): never {
  throw new InvariantError(claim);
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`Invariant: every case is handled, but got ${JSON.stringify(value)}`);
}
