/** The laws of ARCHITECTURE.md over random markets and traders. A failure prints the seed and the smallest case. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkState, type State } from "../../src/engine/index.ts";
import { instant, type Bar } from "../../src/kernel/index.ts";
import type { BarsBySymbol } from "../support/array-tape.ts";
import { audit } from "./auditor.ts";
import { play } from "./run.ts";
import { barFrom, END, START, workloadArbitrary, type Workload } from "./workload.ts";

const RUNS = Number(process.env["TAPEDECK_LAW_RUNS"] ?? 1000);

const prove = <Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>): void => {
  fc.assert(property, { numRuns: RUNS, verbose: fc.VerbosityLevel.None });
};

describe("laws of the engine", () => {
  it("future-blindness: bars after a time change nothing up to it", { timeout: 120_000 }, () => {
    prove(
      fc.property(
        workloadArbitrary,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer(),
        (workload, share, salt) => {
          const until = instant(Math.floor(START + (END - START) * share * share));
          const twin = play(workload, { until, bars: rewriteFuture(workload, until, salt) });
          const original = play(workload, { until });
          expect(twin.events).toEqual(original.events);
          expect(comparable(twin.state)).toEqual(comparable(original.state));
        },
      ),
    );
  });

  it("determinism: the same commands on the same data give the same events", { timeout: 120_000 }, () => {
    prove(
      fc.property(workloadArbitrary, (workload) => {
        expect(play(workload).events).toEqual(play(workload).events);
      }),
    );
  });

  it("step law: two advances do what one does", { timeout: 120_000 }, () => {
    prove(
      fc.property(workloadArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (workload, split) => {
        const whole = play(workload);
        const stepped = play(workload, { split });
        expect(stepped.events).toEqual(whole.events);
        expect(comparable(stepped.state)).toEqual(comparable(whole.state));
      }),
    );
  });

  it("conservation: cash is the initial cash plus what the fills moved, to the last unit", { timeout: 120_000 }, () => {
    prove(
      fc.property(workloadArbitrary, (workload) => {
        const { state, events } = play(workload);
        checkState(state);
        const { cash } = audit(workload, events);
        for (const account of state.accounts) expect(account.cash).toBe(cash.get(account.ordinal));
      }),
    );
  });

  it("cap law, limit law, and no fill at a price not yet known", { timeout: 120_000 }, () => {
    prove(
      fc.property(workloadArbitrary, (workload) => {
        const { events } = play(workload);
        expect(audit(workload, events).findings).toEqual([]);
      }),
    );
  });

  it("the random traders do trade, so that the laws are about something", () => {
    const samples = fc.sample(workloadArbitrary, { numRuns: 200, seed: 7 });
    const kinds = new Set(samples.flatMap((workload) => play(workload).events.map((event) => event.kind)));
    for (const kind of [
      "order_filled",
      "order_triggered",
      "order_canceled",
      "order_expired",
      "order_replaced",
    ] as const) {
      expect(kinds).toContain(kind);
    }
    const rules = new Set(
      samples.flatMap((workload) =>
        play(workload).events.flatMap((event) => (event.kind === "order_filled" ? [event.rule] : [])),
      ),
    );
    for (const rule of ["open", "open_limit", "through_limit", "gap_stop", "touch_stop", "touch_stop_limit"] as const) {
      expect(rules).toContain(rule);
    }
  });
});

/** Bars that begin at or after `until` are other bars; of a running one only high, low and close (R28 shows volume). */
function rewriteFuture(workload: Workload, until: number, salt: number): BarsBySymbol {
  const rewrite = (bar: Bar, index: number): Bar => {
    if (bar.end <= until) return bar;
    const draw = Math.abs(Math.imul(salt ^ index, 2_654_435_761));
    const other = barFrom(
      {
        open: 980 + (draw % 41),
        close: 980 + ((draw >> 6) % 41),
        up: draw % 7,
        down: (draw >> 3) % 7,
        volume: draw % 9000,
      },
      bar.start,
    );
    if (bar.start >= until) return other;
    const high = Math.max(bar.open, other.high);
    return { ...bar, high, low: Math.min(bar.open, other.low), close: high };
  };
  return Object.fromEntries(Object.entries(workload.bars).map(([symbol, bars]) => [symbol, bars.map(rewrite)]));
}

/** Map order is part of a state, so it is compared too. */
function comparable(state: State): unknown {
  return state.accounts.map((account) => ({
    ...account,
    positions: [...account.positions],
    openOrders: [...account.openOrders],
    barUsage: [...account.barUsage],
    orders: account.orders.map((ordinal) => state.orders[ordinal - 1]),
  }));
}
