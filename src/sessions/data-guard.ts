/** Watches that a session goes on only with the bars that it has used: pins behind its answers, checks before commands. */
import type { Command } from "../engine/index.ts";
import type { Refusal } from "../kernel/index.ts";
import type { PinStore } from "./journal-port.ts";
import { dataChanged, needsData } from "./data-changed.ts";
import { TapePins, type ChangedDay, type PinParts } from "./tape-pins.ts";

type InTurn = (work: () => Promise<void>) => Promise<unknown>;

export class DataGuard {
  readonly #pins: TapePins;
  readonly #inTurn: InTurn;
  readonly #store: PinStore;
  #isPinning = false;

  /** `inTurn` runs work between two commands. */
  constructor(parts: PinParts, inTurn: InTurn) {
    this.#pins = new TapePins(parts);
    this.#inTurn = inTurn;
    this.#store = parts.store;
  }

  get changed(): readonly ChangedDay[] {
    return this.#pins.changed;
  }

  /** Whether a step in which nothing happens may be taken without a look at the data. */
  get isAtRest(): boolean {
    return !this.#pins.isBehind && this.#pins.changed.length === 0;
  }

  /** Before a command or a read: does nothing while the catalog is the same. */
  check(): Promise<void> | undefined {
    return this.#pins.isStale ? this.#checkNow() : undefined;
  }

  refusalFor(command: Command): Refusal | undefined {
    const { changed } = this.#pins;
    return changed.length > 0 && needsData(command) ? dataChanged(changed) : undefined;
  }

  accept(): Promise<void> {
    return this.#pins.accept();
  }

  /** After a command: which symbols are used is noted before the answer; what their days hold is hashed behind it. */
  follow(): void {
    if (!this.#pins.isBehind) return;
    this.#pins.note();
    if (this.#isPinning) return;
    this.#isPinning = true;
    setImmediate(() => {
      const pinning = this.#inTurn(() => {
        this.#isPinning = false;
        return this.#pins.pin();
      });
      // A damaged file is found again, and told, by the command that needs it.
      pinning.catch(() => undefined);
    }).unref();
  }

  async settle(): Promise<void> {
    if (this.#pins.isBehind) await this.#inTurn(() => this.#pins.pin());
  }

  /** All that is noted of what was used, once it is up to date. */
  async lines(): Promise<string> {
    await this.#inTurn(() => this.#pins.pin());
    return this.#store.read();
  }

  /** What was used is pinned first, from the series that are held still; then it is held against what there is now. */
  async #checkNow(): Promise<void> {
    if (this.#pins.isBehind) await this.#pins.pin();
    await this.#pins.check();
  }
}
