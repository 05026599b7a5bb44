/** The laws of ARCHITECTURE.md over random markets, traders and models. A failure prints the seed and a small case. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EngineEvent, State } from "../../src/engine/index.ts";
import { instant, price, SCALE, type Bar, type Instant } from "../../src/kernel/index.ts";
import { textOf } from "./auditor/compare.ts";
import type { AuditMarket } from "./auditor/types.ts";
import { lawBreaks } from "./laws.ts";
import { MIRROR, mirrorable, mirrored } from "./mirror.ts";
import { play } from "./run.ts";
import { adjustedFor, scalable } from "./scale.ts";
import { describeWorkload, shrunk } from "./shrink.ts";
import { workloadOf, type Workload } from "./workload.ts";

const RUNS = Number(process.env["TAPEDECK_LAW_RUNS"] ?? 150);
const SHRINK_MS = 10_000;

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const shares = fc.double({ min: 0, max: 1, noNaN: true });
/** Some of them with fills in parts, drawn from the session's seed: the auditor cannot draw them, but every law holds. */
const workloadFor = (seed: number): Workload =>
  workloadOf(seed, { commands: 25, config: seed % 4 === 0 ? { partialFills: 0.3, seed } : {} });

/** A law is a text that says how a workload breaks it, or undefined. */
type Law = (workload: Workload, share: number, salt: number) => string | undefined;

/** fast-check draws the seeds; commands are left out by the simulation's own means, which knows what they mean. */
function prove(given: Law, of: (seed: number) => Workload = workloadFor): void {
  const law = orStack(given);
  const property = fc.property(seeds, shares, fc.integer(), (seed, share, salt) => {
    const workload = of(seed);
    const broken = law(workload, share, salt);
    if (broken === undefined) return;
    const small = shrunk(workload, (smaller) => law(smaller, share, salt) !== undefined, SHRINK_MS);
    expect.fail(`${law(small, share, salt)}\n${describeWorkload(small)}`);
  });
  fc.assert(property, { numRuns: RUNS, endOnFailure: true, verbose: fc.VerbosityLevel.None });
}

/** A broken invariant breaks every law. */
const orStack =
  (law: Law): Law =>
  (workload, share, salt) => {
    try {
      return law(workload, share, salt);
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  };

/** The first event in which two runs differ. */
function firstDifference(one: readonly EngineEvent[], other: readonly EngineEvent[]): string | undefined {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [textOf(one[index]), textOf(other[index])];
    if (left !== right) return `event ${index + 1}:\n  ${left}\n  ${right}`;
  }
  return undefined;
}

const untilAt = ({ start, end }: Workload, share: number): Instant =>
  instant(Math.floor(start + (end - start) * share * share));

describe("laws of two sessions", { timeout: 180_000 }, () => {
  it("prefix law: what is not visible at a time changes nothing up to it", () => {
    prove((workload, share, salt) => {
      const until = untilAt(workload, share);
      const twin = play(workload, { until, market: withOtherFuture(workload.market, until, salt) });
      const original = play(workload, { until });
      return firstDifference(twin.events, original.events) ?? stateDifference(twin.state, original.state);
    });
  });

  it("step law: two advances do what one does", () => {
    prove((workload, share) => {
      const [whole, stepped] = [play(workload), play(workload, { split: share })];
      return firstDifference(stepped.events, whole.events) ?? stateDifference(stepped.state, whole.state);
    });
  });

  it("mirror law: fills of mirrored orders on mirrored prices mirror", () => {
    prove(
      (workload) => {
        const [original, image] = [play(workload), play(mirrored(workload))];
        return firstDifference(
          original.events.map((event) => essence(event, false)),
          image.events.map((event) => essence(event, true)),
        );
      },
      (seed) => mirrorable(workloadFor(seed)),
    );
  });

  it("scale law: a split of raw prices gives the equity of adjusted prices without it", () => {
    prove(
      (workload) => {
        const adjusted = adjustedFor(workload);
        const [raw, other] = [play(workload), play(adjusted)];
        const difference = raw.snapshots.findIndex(({ at, accounts }) => {
          const twin = other.snapshots.findLast((snapshot) => snapshot.at <= at);
          return twin?.at === at && accounts.some(({ equity }, index) => equity !== twin.accounts[index]?.equity);
        });
        const [left, right] = [
          raw.snapshots[difference],
          other.snapshots.find(({ at }) => at === raw.snapshots[difference]?.at),
        ];
        return difference === -1 ? undefined : `${textOf(left)}\n${textOf(right)}`;
      },
      (seed) => scalable(seed),
    );
  });
});

describe("laws of a session", { timeout: 180_000 }, () => {
  it("limit law, cap law, conservation, and no price before it is known", () => {
    prove((workload) => {
      const breaks = lawBreaks(workload, play(workload));
      return breaks.length === 0 ? undefined : breaks.join("\n");
    });
  });

  it("same bytes: the same commands on the same data give the same events", () => {
    prove((workload) => firstDifference(play(workload).events, play(workload).events));
  });

  it("crash law: the fold of the journal up to any entry goes on as if nothing had happened", () => {
    prove((workload, share) => {
      const whole = play(workload);
      const crashAfter = 1 + Math.floor(share * whole.told.length * 2);
      const restarted = play(workload, { crashAfter });
      return firstDifference(restarted.events, whole.events) ?? stateDifference(restarted.state, whole.state);
    });
  });

  it("order law: what fills under through fills under touch no later, and more slippage never betters a price", () => {
    prove((workload) => {
      const alone = (config: Partial<Workload["config"]>): ReturnType<typeof play> =>
        play({
          ...workload,
          intents: workload.intents.filter(({ kind }) => kind === "submit").slice(0, 1),
          config: { ...workload.config, volumeBasis: "bar", ...config },
        });
      return (
        laterUnderTouch(alone({ limitRule: "through" }).events, alone({ limitRule: "touch" }).events) ??
        betterWithSlippage(
          alone({ slippage: { model: "bps", args: [5] } }).events,
          alone({ slippage: { model: "bps", args: [50] } }).events,
        )
      );
    });
  });
});

describe("the random traders", () => {
  const workloads = Array.from({ length: 150 }, (_, index) =>
    workloadOf(index + 1, { commands: 60, config: { flip: "refuse" } }),
  );
  const events = workloads.flatMap((workload) => play(workload).events);

  it.each([
    "order_filled",
    "order_triggered",
    "order_woken",
    "order_reduced",
    "order_replaced",
    "order_adjusted",
    "order_canceled",
    "order_cancel_requested",
    "order_expired",
    "dividend_entitled",
    "account_entry",
    "cost_accrued",
    "margin_called",
  ] as const)("make %s happen", (kind) => {
    expect(events.some((event) => event.kind === kind)).toBe(true);
  });

  it.each([
    "open",
    "open_limit",
    "through_limit",
    "gap_stop",
    "touch_stop",
    "gap_stop_limit",
    "touch_stop_limit",
    "stop_limit_by_close",
    "gap_trail",
    "trail_old_stop",
    "trail_new_stop",
    "same_bar_stop",
    "same_bar_target",
    "close_auction",
    "close_only",
  ] as const)("are filled by %s", (rule) => {
    expect(events.some((event) => event.kind === "order_filled" && event.rule === rule)).toBe(true);
  });
});

/** Bars that begin at or after `until` are other bars; of a running one only high, low and close (R28 shows volume). */
function withOtherFuture(market: AuditMarket, until: number, salt: number): AuditMarket {
  const rewrite = (bar: Bar, index: number): Bar => {
    if (bar.end <= until) return bar;
    const draw = Math.abs(Math.imul(salt ^ index, 2_654_435_761));
    const cents = (value: number): number => Math.max(0.5, Math.round(value * 100) / 100);
    const [open, close] = [
      cents(bar.open * (0.9 + (draw % 20) / 100)),
      cents(bar.close * (0.9 + ((draw >> 5) % 20) / 100)),
    ];
    const first = bar.start >= until ? open : bar.open;
    return {
      ...bar,
      open: first,
      close,
      high: Math.max(first, close) + (draw % 7) / 100,
      low: Math.min(first, close) - ((draw >> 3) % 7) / 100,
      volume: bar.start >= until ? draw % 9000 : bar.volume,
    };
  };
  const bars = Object.entries(market.bars).map(([symbol, series]) => [symbol, series.map(rewrite)] as const);
  return { ...market, bars: Object.fromEntries(bars) };
}

/** Map order is part of a state, so it is compared too. */
function stateDifference(one: State, other: State): string | undefined {
  const plain = (state: State): unknown => ({
    orders: state.orders,
    accounts: state.accounts.map((account) => ({
      ...account,
      positions: [...account.positions],
      openOrders: [...account.openOrders],
      barUsage: [...account.barUsage],
      entitlements: [...account.entitlements],
    })),
  });
  const [left, right] = [textOf({ state: plain(one) }), textOf({ state: plain(other) })];
  return left === right ? undefined : `states:\n  ${left}\n  ${right}`;
}

/** What of an event has a mirror image, taken back from the mirror where it comes from there. */
function essence(event: EngineEvent, isImage: boolean): EngineEvent {
  const { kind, at } = event;
  const order = "order" in event ? event.order : undefined;
  if (kind !== "order_filled") return { kind, at, order } as EngineEvent;
  const there = isImage ? price(BigInt(MIRROR) * SCALE - event.price) : event.price;
  return { kind, at, order, qty: event.qty, price: there, rule: event.rule } as EngineEvent;
}

function laterUnderTouch(through: readonly EngineEvent[], touch: readonly EngineEvent[]): string | undefined {
  const isFill = ({ kind }: EngineEvent): boolean => kind === "order_filled";
  const [later, sooner] = [through.find(isFill), touch.find(isFill)];
  if (later === undefined || (sooner !== undefined && sooner.at <= later.at)) return undefined;
  return `through: ${textOf(later)}\n  touch: ${textOf(sooner)}`;
}

function betterWithSlippage(less: readonly EngineEvent[], more: readonly EngineEvent[]): string | undefined {
  const accepted = less.find((event) => event.kind === "order_accepted");
  const [one, other] = [less, more].map((events) => events.find((event) => event.kind === "order_filled"));
  if (accepted === undefined || one === undefined || other === undefined || one.barStart !== other.barStart)
    return undefined;
  const isBetter = accepted.side === "buy" ? other.price < one.price : other.price > one.price;
  return isBetter ? `less: ${textOf(one)}\n  more: ${textOf(other)}` : undefined;
}
