/** Many files made durable, some at a time: syncs that run together cost little more than one. */
import { writeDurably } from "./manifest.ts";

/** The system's own limit of file work at once is four; some more keep it busy. */
const WRITES_AT_ONCE = 16;

export class WriteQueue {
  readonly #running = new Map<string, Promise<void>>();
  #failure: Error | undefined;

  /** Begins a write; waits only where enough are under way. Throws what an earlier write has failed with. */
  async add(path: string, parts: readonly Uint8Array[]): Promise<void> {
    while (this.#running.size >= WRITES_AT_ONCE) await Promise.race(this.#running.values());
    this.#throwFailure();
    const write = writeDurably(path, parts)
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#running.delete(path);
      });
    this.#running.set(path, write);
  }

  /** Waits for every write. Throws the first failure. */
  async finish(): Promise<void> {
    await this.settle();
    this.#throwFailure();
  }

  /** The same without a word of failures, for when all is to be taken back. */
  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
