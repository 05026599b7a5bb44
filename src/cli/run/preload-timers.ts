/** Timers on another clock: kept in order, fired when it has passed them. */

export interface VirtualTimer {
  readonly ref: () => VirtualTimer;
  readonly unref: () => VirtualTimer;
  readonly hasRef: () => boolean;
  readonly refresh: () => VirtualTimer;
  readonly close: () => VirtualTimer;
  readonly [Symbol.toPrimitive]: () => number;
  readonly [Symbol.dispose]?: () => void;
}

type Callback = (...args: readonly unknown[]) => unknown;

export interface VirtualTimers {
  readonly setTimeout: (callback: Callback, ms?: number, ...args: readonly unknown[]) => VirtualTimer;
  readonly setInterval: (callback: Callback, ms?: number, ...args: readonly unknown[]) => VirtualTimer;
  /** Takes a timer or its number; anything else is ignored, as Node does. */
  readonly clear: (timer: unknown) => void;
  /** When the next one is due; undefined where there is none. */
  readonly next: () => number | undefined;
  /** Whether one of them keeps the program alive. */
  readonly keepsAlive: () => boolean;
  /** Calls those that are due, in order of their time and then of their making. */
  readonly fire: () => void;
}

export interface VirtualTimersParts {
  /** Milliseconds. */
  readonly now: () => number;
  /** Called whenever a timer was set. */
  readonly onTimer: () => void;
}

/** Longest delay that Node takes; a longer one is a millisecond. */
const DELAY_MS_MAX = 2 ** 31 - 1;

class Timer implements VirtualTimer {
  readonly id: number;
  readonly callback: () => unknown;
  readonly delayMs: number;
  readonly repeats: boolean;
  readonly #owner: Wheel;
  due: number;
  isReferenced = true;

  constructor(
    owner: Wheel,
    { id, callback, delayMs, repeats, due }: Pick<Timer, "id" | "callback" | "delayMs" | "repeats" | "due">,
  ) {
    this.#owner = owner;
    this.id = id;
    this.callback = callback;
    this.delayMs = delayMs;
    this.repeats = repeats;
    this.due = due;
  }

  ref(): this {
    this.isReferenced = true;
    this.#owner.changed();
    return this;
  }

  unref(): this {
    this.isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.isReferenced;
  }

  refresh(): this {
    this.#owner.restart(this);
    return this;
  }

  close(): this {
    this.#owner.remove(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

/** All timers that are set. */
class Wheel {
  readonly #parts: VirtualTimersParts;
  readonly #timers = new Map<number, Timer>();
  #made = 0;

  constructor(parts: VirtualTimersParts) {
    this.#parts = parts;
  }

  changed(): void {
    this.#parts.onTimer();
  }

  add(callback: () => unknown, ms: unknown, repeats: boolean): Timer {
    const asked = Number(ms);
    const delayMs = asked >= 1 && asked <= DELAY_MS_MAX ? Math.trunc(asked) : 1;
    this.#made += 1;
    const timer = new Timer(this, { id: this.#made, callback, delayMs, repeats, due: this.#parts.now() + delayMs });
    this.#timers.set(timer.id, timer);
    this.changed();
    return timer;
  }

  restart(timer: Timer): void {
    timer.due = this.#parts.now() + timer.delayMs;
    this.#timers.set(timer.id, timer);
    this.changed();
  }

  remove(timer: Timer): void {
    this.#timers.delete(timer.id);
  }

  clear(timer: unknown): void {
    if (timer instanceof Timer) this.remove(timer);
    else if (typeof timer === "number" || typeof timer === "string") this.#timers.delete(Number(timer));
  }

  next(): number | undefined {
    let next: number | undefined;
    for (const { due } of this.#timers.values()) next = next === undefined ? due : Math.min(next, due);
    return next;
  }

  keepsAlive(): boolean {
    for (const { isReferenced } of this.#timers.values()) if (isReferenced) return true;
    return false;
  }

  fire(): void {
    const now = this.#parts.now();
    const due = [...this.#timers.values()].filter((timer) => timer.due <= now);
    for (const timer of due.toSorted((a, b) => a.due - b.due || a.id - b.id)) {
      if (!this.#timers.has(timer.id)) continue;
      if (timer.repeats) timer.due += timer.delayMs;
      else this.#timers.delete(timer.id);
      timer.callback();
    }
  }
}

export function createVirtualTimers(parts: VirtualTimersParts): VirtualTimers {
  const wheel = new Wheel(parts);
  const set =
    (repeats: boolean) =>
    (callback: Callback, ms?: number, ...args: readonly unknown[]): VirtualTimer =>
      wheel.add(() => callback(...args), ms, repeats);
  return {
    setTimeout: set(false),
    setInterval: set(true),
    clear: (timer) => {
      wheel.clear(timer);
    },
    next: () => wheel.next(),
    keepsAlive: () => wheel.keepsAlive(),
    fire: () => {
      wheel.fire();
    },
  };
}
