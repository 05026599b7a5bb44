import { expect, it } from "vitest";
import { createVirtualTimers } from "./preload-timers.ts";

function stage() {
  const state = { now: 1000, told: 0 };
  const timers = createVirtualTimers({
    now: () => state.now,
    onTimer: () => {
      state.told += 1;
    },
  });
  const calls: string[] = [];
  const note = (name: string) => (): void => void calls.push(`${name} ${state.now}`);
  const moveTo = (now: number): void => {
    state.now = now;
    timers.fire();
  };
  return { state, timers, calls, note, moveTo };
}

it("timers fire in order of their time, then of their making", () => {
  const { timers, calls, note, moveTo } = stage();
  timers.setTimeout(note("b"), 20);
  timers.setTimeout(note("a"), 10);
  timers.setTimeout(note("c"), 20);
  expect(timers.next()).toBe(1010);
  moveTo(1009);
  expect(calls).toEqual([]);
  moveTo(1020);
  expect(calls).toEqual(["a 1020", "b 1020", "c 1020"]);
  expect(timers.next()).toBeUndefined();
});

it.each([
  [undefined, 1],
  [0, 1],
  [-5, 1],
  [Number.NaN, 1],
  [2 ** 31, 1],
  [1.9, 1],
  [250, 250],
])("a delay of %s is %d milliseconds, as in Node", (asked, delay) => {
  const { timers } = stage();
  timers.setTimeout(() => undefined, asked);
  expect(timers.next()).toBe(1000 + delay);
});

it("intervals go on until they are cleared, by the timer or by its number", () => {
  const { timers, calls, note, moveTo } = stage();
  const first = timers.setInterval(note("first"), 10);
  const second = timers.setInterval(note("second"), 10);
  moveTo(1010);
  timers.clear(Number(first));
  moveTo(1020);
  timers.clear(second);
  timers.clear("nothing");
  timers.clear(undefined);
  moveTo(1030);
  expect(calls).toEqual(["first 1010", "second 1010", "second 1020"]);
});

it("a timer that another one clears does not fire, and one that is set meanwhile waits for its time", () => {
  const { timers, calls, note, moveTo } = stage();
  timers.setTimeout(() => {
    timers.clear(later);
    timers.setTimeout(note("new"), 1);
  }, 10);
  const later = timers.setTimeout(note("later"), 10);
  moveTo(1010);
  expect([calls, timers.next()]).toEqual([[], 1011]);
});

it("arguments are handed on; refresh begins anew; only timers with a reference keep a program alive", () => {
  const { timers, calls, moveTo, state } = stage();
  const timer = timers.setTimeout((a, b) => calls.push(`${String(a)}${String(b)}`), 10, "x", "y");
  expect([timer.hasRef(), timers.keepsAlive()]).toEqual([true, true]);
  timer.unref();
  expect([timer.hasRef(), timers.keepsAlive()]).toEqual([false, false]);
  timer.ref();
  state.now = 1005;
  timer.refresh();
  expect(timers.next()).toBe(1015);
  moveTo(1015);
  expect(calls).toEqual(["xy"]);
  const closed = timers.setTimeout(() => calls.push("closed"), 1).close();
  moveTo(1020);
  expect([calls, closed.hasRef(), state.told]).toEqual([["xy"], true, 4]);
});
