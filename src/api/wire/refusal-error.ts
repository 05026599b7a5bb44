/** A refusal on its way through the framework, which only carries errors; the error handler turns it back. */
import type { Refusal } from "../../kernel/index.ts";

export class RefusalError extends Error {
  override readonly name = "RefusalError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
