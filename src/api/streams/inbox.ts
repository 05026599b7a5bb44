/** Messages of one client, taken one after the other. */

export class Inbox {
  readonly #onFault: (error: unknown) => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Runs work once all before it is done; what it throws goes to `onFault`. */
  next(work: () => unknown): void {
    this.#last = this.#last.then(work).catch(this.#onFault);
  }
}
