/**
 * The session's time in place of the machine's: it moves only while the program waits for a timer or a message. Once
 * nothing of the program runs and no request of it is under way, the session is advanced to its next timer, and, while
 * it listens to streams, by at most a minute at a time.
 */
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { createVirtualTimers, type VirtualTimers } from "./preload-timers.ts";

const MINUTE_MS = 60_000;

export interface RunClock {
  /** Call it for every request, and its result once that is over. */
  readonly requestBegins: (changesSomething: boolean) => () => void;
  /** The same for sockets that stay open. */
  readonly streamOpens: () => () => void;
}

export interface ClockParts {
  /** The server, without a path. */
  readonly url: string;
  readonly session: string;
  /** Times as fast as life; undefined: as fast as can be. */
  readonly speed: number | undefined;
}

interface Answer {
  readonly current_time?: string;
  readonly currentTime?: string;
  readonly isCompleted?: boolean;
  readonly message?: string;
}

const real = {
  setTimeout: globalThis.setTimeout,
  setImmediate: globalThis.setImmediate,
  request: http.request,
  Date: globalThis.Date,
};

/** Waits a moment of real time. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    real.setTimeout(resolve, ms);
  });

/** Lets everything run that is ready to. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    real.setImmediate(resolve);
  });

class Clock implements RunClock {
  readonly #parts: ClockParts;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  readonly timers: VirtualTimers;
  nowMs = 0;
  #requests = 0;
  #streams = 0;
  #begun = 0;
  #hasSpoken = false;
  #isMoving = false;

  constructor(parts: ClockParts) {
    this.#parts = parts;
    this.timers = createVirtualTimers({
      now: () => this.nowMs,
      onTimer: () => {
        this.#wake();
      },
    });
  }

  async start(): Promise<void> {
    const { current_time: time = "" } = await this.#ask("GET", "");
    this.nowMs = real.Date.parse(time);
  }

  requestBegins(changesSomething: boolean): () => void {
    this.#requests += 1;
    this.#begun += 1;
    this.#hasSpoken ||= changesSomething;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#requests -= 1;
      this.#wake();
    };
  }

  streamOpens(): () => void {
    this.#streams += 1;
    this.#wake();
    return () => {
      this.#streams -= 1;
    };
  }

  #wake(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    void this.#move().finally(() => {
      this.#isMoving = false;
    });
  }

  /** As long as there is something to wait for. */
  async #move(): Promise<void> {
    for (;;) {
      await this.#quiet();
      const deadline = this.timers.next();
      if (deadline === undefined && this.#streams === 0) return;
      // A timer that does not keep a program alive does not keep its clock going either.
      if (this.#streams === 0 && !this.timers.keepsAlive()) return;
      if (this.#streams > 0 && this.#hasSpoken) {
        this.#hasSpoken = false;
        await this.#advance(this.nowMs);
        continue;
      }
      const minute = (Math.floor(this.nowMs / MINUTE_MS) + 1) * MINUTE_MS;
      const goal = this.#streams > 0 ? Math.min(deadline ?? Infinity, minute) : (deadline ?? minute);
      if (await this.#advance(goal)) return this.#end();
      this.timers.fire();
    }
  }

  /** Nothing runs, and no request is under way, for two turns one after the other. */
  async #quiet(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      const begun = this.#begun;
      await turn();
      if (this.#streams > 0) await pause(1);
      quiet = this.#requests === 0 && this.#begun === begun ? quiet + 1 : 0;
      if (this.#requests > 0) await pause(0);
    }
  }

  /** Whether the session has ended. */
  async #advance(goalMs: number): Promise<boolean> {
    const { speed } = this.#parts;
    if (speed !== undefined && goalMs > this.nowMs) await pause((goalMs - this.nowMs) / speed);
    // Messages that the move brings about tell of it as done.
    this.nowMs = goalMs;
    const targetTime = new real.Date(goalMs).toISOString();
    const path = `/time/advance${this.#streams > 0 ? "?lockstep=true" : ""}`;
    const { currentTime = "", isCompleted = false, message } = await this.#ask("POST", path, { targetTime });
    if (currentTime === "") {
      if (message?.includes("completed") === true) return true;
      throw new Error(`tapedeck: ${message ?? "the session does not answer"}`);
    }
    this.nowMs = real.Date.parse(currentTime);
    return isCompleted;
  }

  /** The session is over, and the program with it. */
  async #end(): Promise<void> {
    this.timers.fire();
    await this.#quiet();
    process.exit(0);
  }

  #ask(method: string, path: string, body?: object): Promise<Answer> {
    const { url, session } = this.#parts;
    const headers = { "apca-api-key-id": "run", "apca-api-secret-key": "run" };
    return new Promise((resolve, reject) => {
      const address = `${url}/v1/sessions/${session}${path}`;
      const request = real.request(address, { method, headers, agent: this.#agent }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => {
          resolve(JSON.parse(text) as Answer);
        });
      });
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** Replaces `Date` and the timers; the clock stands where the session's does. */
export async function startClock(parts: ClockParts): Promise<RunClock> {
  const clock = new Clock(parts);
  await clock.start();
  globalThis.Date = dateOf(() => clock.nowMs);
  const { setTimeout: set, setInterval: repeat, clear } = clock.timers;
  const patched = { setTimeout: set, setInterval: repeat, clearTimeout: clear, clearInterval: clear };
  Object.assign(globalThis, patched);
  Object.assign(timers, patched);
  const wait = (ms?: number, value?: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = options ?? {};
      const timer = set(() => {
        resolve(value);
      }, ms);
      signal?.addEventListener("abort", () => {
        clear(timer);
        reject(signal.reason as Error);
      });
    });
  Object.assign(timersPromises, { setTimeout: wait });
  Object.assign(timersPromises.scheduler, { wait: (ms: number) => wait(ms) });
  syncBuiltinESMExports();
  return clock;
}

/** The class `Date`, with another idea of now. */
function dateOf(now: () => number): DateConstructor {
  return new Proxy(real.Date, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new real.Date(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
}
