/** Orders of one run in another: where runs part, the same command makes an order of another number. */
import type { Command, EngineEvent, OrderAccepted } from "../../engine/index.ts";

/** Names orders of the journal by their numbers in the run; while nothing has differed they are the same. */
export class OrderNames {
  /** Orders up to this one have one number in both. */
  #sameUpTo = 0;
  #hasParted = false;
  readonly #moved = new Map<number, number>();

  /** Takes what one entry made there and here: orders of one kind belong together in the order in which they came. */
  take(was: readonly EngineEvent[], now: readonly EngineEvent[], isSame: boolean): void {
    if (isSame && !this.#hasParted) {
      for (const event of was) if (event.kind === "order_accepted") this.#sameUpTo = event.order;
      return;
    }
    this.#hasParted = true;
    const made = newestFirst(now);
    for (const event of was) {
      if (event.kind !== "order_accepted") continue;
      const twin = made.get(kindOf(event))?.pop();
      if (twin !== undefined) this.#moved.set(event.order, twin.order);
    }
  }

  /** The command as the run has to be given it; undefined where the order that it names was never made there. */
  translate(command: Command): Command | undefined {
    if (!this.#hasParted || !("order" in command) || command.order <= this.#sameUpTo) return command;
    const order = this.#moved.get(command.order);
    return order === undefined ? undefined : { ...command, order };
  }
}

/** Orders that were made, by their kind. */
function newestFirst(events: readonly EngineEvent[]): ReadonlyMap<string, OrderAccepted[]> {
  const made = new Map<string, OrderAccepted[]>();
  for (const event of events) {
    if (event.kind !== "order_accepted") continue;
    const key = kindOf(event);
    const others = made.get(key);
    if (others === undefined) made.set(key, [event]);
    else others.push(event);
  }
  for (const list of made.values()) list.reverse();
  return made;
}

const kindOf = ({ account, symbol, side, leg, source, replaces }: OrderAccepted): string =>
  [account, symbol, side, leg ?? "", source ?? "", replaces === undefined ? "" : "replacement"].join(" ");
