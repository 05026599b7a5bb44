/** Many files made durable, some at a time: syncs that run together cost little more than one. */
import { writeDurably } from "./manifest.ts";

/** The system's own limit of file work at once is four; some more keep it busy. */
const WRITES_AT_ONCE = 16;

/** Bytes under way: a year of minutes around the clock is 34 MB, and one such is enough at a time. */
const BYTES_AT_ONCE = 16 * 1_048_576;

export class WriteQueue {
  readonly #running = new Map<string, Promise<void>>();
  #bytes = 0;
  #failure: Error | undefined;

  /** Begins a write; waits only where enough are under way. Throws what an earlier write has failed with. */
  async add(path: string, parts: readonly Uint8Array[]): Promise<void> {
    while (this.#isFull) await Promise.race(this.#running.values());
    this.#throwFailure();
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
    this.#bytes += bytes;
    const write = writeDurably(path, parts)
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#running.delete(path);
        this.#bytes -= bytes;
      });
    this.#running.set(path, write);
  }

  get #isFull(): boolean {
    return this.#running.size >= WRITES_AT_ONCE || (this.#running.size > 0 && this.#bytes >= BYTES_AT_ONCE);
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
