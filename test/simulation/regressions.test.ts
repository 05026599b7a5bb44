/** What the auditor once found in the engine, each as the smallest case that shows it. */
import { describe, expect, it } from "vitest";
import {
  lastFigures,
  type AccountCommand,
  type EngineConfig,
  type EngineEvent,
  type OrderTerms,
} from "../../src/engine/index.ts";
import {
  cash,
  instant,
  isRefusal,
  MINUTE_MS,
  parseInstant,
  parseUnits,
  price,
  quantity,
  SCALE,
  type Bar,
  type CivilDate,
  type CorporateAction,
  type Instant,
} from "../../src/kernel/index.ts";
import { arrayTape } from "../support/array-tape.ts";
import { runEngine, type EngineRun } from "../support/engine-run.ts";

const at = (text: string): Instant => {
  const parsed = parseInstant(text.includes("T") ? text : `2024-03-05T${text}-05:00`);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};
const units = (text: string): bigint => {
  const parsed = parseUnits(text);
  if (typeof parsed !== "bigint") throw new Error(`bad decimal ${text}`);
  return parsed;
};
const usd = (text: string): ReturnType<typeof price> => price(units(text));

type Row = readonly [start: string, open: number, high: number, low: number, close: number, volume?: number];

/** A bar of one minute, or of a regular session. */
const bar = ([start, open, high, low, close, volume = 100_000]: Row, isDay = false): Bar => ({
  start: at(start),
  end: instant(at(start) + (isDay ? 390 : 1) * MINUTE_MS),
  open,
  high,
  low,
  close,
  volume,
  vwap: undefined,
  trades: undefined,
  isDay,
});
const day = (row: Row): Bar => bar(row, true);

interface Setting {
  readonly config?: Partial<EngineConfig>;
  readonly actions?: readonly CorporateAction[];
  readonly held?: string;
  readonly start?: string;
  readonly cash?: bigint;
}

function begin(bars: readonly Bar[], { config, actions = [], held, start = "09:00:00", cash: dollars }: Setting = {}) {
  const positions = held === undefined ? [] : [{ symbol: "X", qty: held, avgEntryPrice: "10" }];
  const run = runEngine({
    tape: arrayTape({ X: bars }, { actions }),
    start: at(start),
    end: at("2030-01-01T00:00:00Z"),
    config: { slippage: { model: "none" }, pdt: "none", fees: "none", initialPositions: positions, ...config },
    cash: dollars ?? 100_000n,
  });
  tell(run, { kind: "open_account", initialCash: undefined, profile: "{}" });
  return run;
}

function tell(run: EngineRun, command: AccountCommand): void {
  const outcome = run.command(command);
  if (isRefusal(outcome)) throw new Error(outcome.message);
}

const order = (terms: Partial<OrderTerms>): Extract<AccountCommand, { kind: "submit_order" }> => ({
  kind: "submit_order",
  account: 1,
  terms: {
    symbol: "X",
    side: "buy",
    type: "market",
    timeInForce: "day",
    qty: terms.notional === undefined ? quantity(100n * SCALE) : undefined,
    notional: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    extendedHours: false,
    clientOrderId: undefined,
    ...terms,
  },
});
const cancel = (ordinal: number): AccountCommand => ({ kind: "cancel_order", account: 1, order: ordinal });
const shares = (count: number): OrderTerms["qty"] => quantity(BigInt(count) * SCALE);

const fills = ({ events }: EngineRun): readonly string[] =>
  events.flatMap((event) =>
    event.kind === "order_filled" ? [`${event.order} ${Number(event.qty) / 1e9} @ ${Number(event.price) / 1e9}`] : [],
  );
const statuses = ({ state }: EngineRun): readonly string[] => [...state.orders].map(({ status }) => status);
const first = <K extends EngineEvent["kind"]>(
  { events }: EngineRun,
  kind: K,
): Extract<EngineEvent, { kind: K }> | undefined =>
  events.find((event): event is Extract<EngineEvent, { kind: K }> => event.kind === kind);

const bracket = { orderClass: "bracket", takeProfit: usd("10.10"), stopLoss: usd("9.50") } as const;

describe("groups", () => {
  it("end together with an entry that still waits", () => {
    const run = begin([]);
    tell(run, order({ ...bracket, type: "limit", limitPrice: usd("9.90") }));
    tell(run, cancel(3));
    expect(statuses(run)).toEqual(["canceled", "canceled", "canceled"]);
  });

  it("R25: a stop-limit entry that fills by the close has not seen the high", () => {
    const run = begin([bar(["10:00:00", 9.9, 10.2, 9.85, 9.95])]);
    tell(run, order({ ...bracket, type: "stop_limit", stopPrice: usd("10"), limitPrice: usd("10") }));
    run.advance(at("10:02:00"));
    expect(fills(run)).toEqual(["1 100 @ 10"]);
  });

  it("let the price of a working stop loss be replaced", () => {
    const run = begin([bar(["10:00:00", 10, 10.05, 9.9, 10])]);
    tell(run, order(bracket));
    run.advance(at("10:01:00"));
    const changes = { stopPrice: usd("9.60") };
    tell(run, {
      kind: "replace_order",
      account: 1,
      order: 3,
      changes: { qty: undefined, timeInForce: undefined, limitPrice: undefined, trail: undefined, ...changes },
    });
    expect(statuses(run)).toEqual(["filled", "new", "replaced", "new"]);
  });

  it("R6b: a late cancel comes after every member had its look at the bar", () => {
    const oco = { orderClass: "oco", takeProfit: usd("11"), stopLoss: usd("9.80"), side: "sell" } as const;
    for (const intrabar of ["worst_case", "ohlc"] as const) {
      for (const canceled of [1, 2]) {
        const run = begin([bar(["10:00:00", 10, 10.1, 9.7, 9.9])], {
          held: "100",
          config: { cancelRace: "fill_wins", intrabar },
        });
        tell(run, order({ ...oco, type: "limit", limitPrice: usd("11") }));
        run.advance(at("10:00:30"));
        tell(run, cancel(canceled));
        run.advance(at("10:01:00"));
        expect(fills(run)).toEqual(["2 100 @ 9.8"]);
      }
    }
  });

  it("R23: a slice that an open gave the target goes before the stop of the same bar", () => {
    const run = begin([bar(["10:00:00", 10.5, 10.6, 9, 9.5, 400])], { held: "100" });
    const oco = { orderClass: "oco", takeProfit: usd("10.10"), stopLoss: usd("9.50"), side: "sell" } as const;
    tell(run, order({ ...oco, type: "limit", limitPrice: usd("10.10") }));
    run.advance(at("10:01:00"));
    expect(fills(run)).toEqual(["1 40 @ 10.5"]);
  });
});

describe("two exits of which one sees no more of a day bar than its close", () => {
  it.each([
    ["olhc", ["1 100 @ 12"]],
    ["worst_case", ["3 100 @ 10"]],
  ] as const)("R4, R23: on a path the close comes last (%s)", (intrabar, wanted) => {
    const run = begin([day(["09:30:00", 11, 12.5, 9.5, 10])], { held: "100", config: { intrabar } });
    const pair = { side: "sell", type: "limit", orderClass: "oco", timeInForce: "gtc" } as const;
    tell(run, order({ ...pair, limitPrice: usd("12"), takeProfit: usd("12"), stopLoss: usd("9") }));
    run.advance(at("10:00:00"));
    tell(run, { kind: "replace_order", account: 1, order: 2, changes: { stopPrice: usd("10.50") } });
    run.advance(at("16:00:00"));
    expect(fills(run)).toEqual(wanted);
  });
});

describe("cancels", () => {
  it("R6b: a closing-auction order waits for no bar", () => {
    const run = begin([bar(["10:00:00", 10, 10, 10, 10])], { config: { cancelRace: "fill_wins" } });
    tell(run, order({ timeInForce: "cls" }));
    run.advance(at("10:00:30"));
    tell(run, cancel(1));
    expect(statuses(run)).toEqual(["canceled"]);
  });

  it("R6b: nor does any order for a bar outside its hours", () => {
    const run = begin([bar(["17:00:00", 10, 10, 10, 10])], {
      config: { cancelRace: "fill_wins", tradingHours: "regular" },
      start: "10:00:00",
    });
    tell(run, order({ type: "limit", timeInForce: "gtc", limitPrice: usd("9") }));
    run.advance(at("17:00:30"));
    tell(run, cancel(1));
    expect(statuses(run)).toEqual(["canceled"]);
  });

  it("R6b: a pair waits for the bar that is its stop's alone, its target being on the way", () => {
    const run = begin([bar(["10:00:00", 10, 10, 8.5, 9])], {
      held: "100",
      config: { cancelRace: "fill_wins", latencyMs: 30_000 },
    });
    const pair = { side: "sell", type: "limit", orderClass: "oco", timeInForce: "gtc" } as const;
    tell(run, order({ ...pair, limitPrice: usd("12"), takeProfit: usd("12"), stopLoss: usd("9") }));
    run.advance(at("09:59:50"));
    tell(run, { kind: "replace_order", account: 1, order: 1, changes: { limitPrice: usd("11.90") } });
    run.advance(at("10:00:30"));
    tell(run, cancel(2));
    run.advance(at("10:01:00"));
    expect([fills(run), statuses(run)]).toEqual([["2 100 @ 9"], ["replaced", "filled", "canceled"]]);
  });
});

describe("trailing stops", () => {
  const trailing = { type: "trailing_stop", timeInForce: "gtc", trailPrice: usd("0.50"), side: "sell" } as const;
  const closing = (close: number): readonly Bar[] => [
    day(["09:30:00", 10, 10.6, 9, close]),
    day(["2024-03-06T09:30:00-05:00", 10.2, 10.2, 10.05, 10.1]),
  ];

  it("R4: are reached by the close of a running day bar", () => {
    const run = begin(closing(9.4), { held: "100" });
    run.advance(at("12:00:00"));
    tell(run, order(trailing));
    run.advance(at("17:00:00"));
    expect(fills(run)).toEqual(["1 100 @ 9.4"]);
  });

  it("R4: are moved by the close of a running day bar", () => {
    const run = begin(closing(10.6), { held: "100" });
    run.advance(at("12:00:00"));
    tell(run, order(trailing));
    run.advance(at("2024-03-06T17:00:00-05:00"));
    expect(first(run, "order_triggered")?.mark).toBe(usd("10.60"));
  });

  it("R16 adaptive: extremes equally far from the open are a tie, whatever binary fractions make of it", () => {
    const run = begin([bar(["10:00:00", 0.3, 0.4, 0.2, 0.2])], { config: { intrabar: "adaptive" } });
    tell(run, order({ ...trailing, side: "buy", trailPrice: usd("0.05") }));
    run.advance(at("10:01:00"));
    expect(first(run, "order_filled")?.rule).toBe("trail_old_stop");
  });
});

describe("company actions", () => {
  const split: CorporateAction = {
    type: "split",
    symbol: "X",
    exDate: "2024-03-06" as never,
    oldRate: SCALE,
    newRate: 2n * SCALE,
  };

  it("R41: a split multiplies what is still open, not what is filled", () => {
    const run = begin([bar(["10:00:00", 10, 10, 9.8, 10, 120])], { actions: [split] });
    tell(run, order({ type: "limit", timeInForce: "gtc", limitPrice: usd("9.90"), qty: shares(200) }));
    run.advance(at("2024-03-06T09:00:00-05:00"));
    expect(first(run, "order_adjusted")?.qty).toBe(shares(12 + 2 * 188));
  });

  it("R42: a dividend leaves a stop-limit alone that has triggered", () => {
    const paid = { recordDate: undefined, payDate: undefined, cashPerShare: usd("0.24") };
    const dividend: CorporateAction = { type: "cash_dividend", symbol: "X", exDate: "2024-03-06" as never, ...paid };
    const run = begin([bar(["10:00:00", 10, 10, 9.4, 9.4])], { held: "100", actions: [dividend] });
    const terms = { type: "stop_limit", side: "sell", timeInForce: "gtc" } as const;
    tell(run, order({ ...terms, stopPrice: usd("9.50"), limitPrice: usd("9.60") }));
    run.advance(at("2024-03-06T09:00:00-05:00"));
    expect([first(run, "order_triggered")?.order, first(run, "order_adjusted")]).toEqual([1, undefined]);
  });
});

describe("fills", () => {
  it("R28: a notional order that does not fit a trailing cap gets its slice", () => {
    const bars = [bar(["10:00:00", 10, 10, 10, 10, 1000]), bar(["10:01:00", 10, 10, 10, 10, 1000])];
    const run = begin(bars, { config: { volumeBasis: "trailing" }, start: "10:00:30" });
    tell(run, order({ notional: cash(5000n * SCALE) }));
    run.advance(at("10:02:00"));
    expect(fills(run)).toEqual(["1 100 @ 10"]);
  });

  it("R18: an opening order that met no auction ends as auction orders do", () => {
    const run = begin([], { config: { auctionLeftover: "canceled" } });
    tell(run, order({ timeInForce: "opg" }));
    run.advance(at("17:00:00"));
    expect(statuses(run)).toEqual(["canceled"]);
  });

  it("R18: a closing order for more than is left of a position ends once", () => {
    const bars = [bar(["10:00:00", 10, 10, 10, 10]), bar(["15:59:00", 10, 10, 10, 10])];
    const run = begin(bars, { held: "100", config: { flip: "split" } });
    tell(run, order({ side: "sell", timeInForce: "cls", qty: shares(80) }));
    tell(run, order({ side: "sell", qty: shares(50) }));
    run.advance(at("17:00:00"));
    expect([fills(run), statuses(run)]).toEqual([
      ["2 50 @ 10", "1 50 @ 10"],
      ["filled", "filled"],
    ]);
  });
});

describe("orders that are on their way", () => {
  it("R3, R16: a split in the meantime does not show them a bar that began before they arrived", () => {
    const split: CorporateAction = {
      type: "split",
      symbol: "X",
      exDate: "2024-03-05" as CivilDate,
      oldRate: units("1"),
      newRate: units("2"),
    };
    const bars = [
      bar(["2024-03-04T20:59:00Z", 20, 20, 20, 20]),
      bar(["04:00:00", 10, 12, 10, 12]),
      bar(["04:01:00", 11.5, 11.5, 11.5, 11.5]),
    ];
    const run = begin(bars, {
      held: "100",
      actions: [split],
      start: "2024-03-05T08:59:59.999Z",
      config: { latencyMs: 1000 },
    });
    tell(run, order({ side: "sell", type: "trailing_stop", timeInForce: "gtc", trailPrice: usd("1") }));
    run.advance(at("04:02:00"));
    // Behind the 12 of the first bar, halved as the trail is, the stop would have been 11.50.
    expect([fills(run), statuses(run)]).toEqual([[], ["new"]]);
  });
});

describe("orders that nobody could price", () => {
  it("R33: are paid for at the closing auction too", () => {
    const run = begin([bar(["15:59:00", 10, 10, 10, 10])], { config: { participation: null } });
    tell(run, order({ timeInForce: "cls", qty: shares(1_000_000) }));
    run.advance(at("16:00:00"));
    expect([fills(run), statuses(run)]).toEqual([[], ["rejected"]]);
  });
});

describe("accounts", () => {
  it("R32, R37: costs and fees come at a session's close though a bar ends there with margin watched at once", () => {
    const bars = [bar(["10:00:00", 10, 10, 10, 10]), bar(["19:59:00", 10, 10, 10, 10])];
    const run = begin(bars, { config: { marginCall: "immediate", participation: null }, cash: 10_000n });
    tell(run, order({ qty: shares(1500) }));
    run.advance(at("20:00:00"));
    expect(first(run, "cost_accrued")?.at).toBe(at("20:00:00"));
  });

  it("R36: what was given before anything had printed counts at what it was given at, whatever is bought later", () => {
    const bars = [bar(["10:00:00", 20, 20, 20, 20])];
    const run = begin(bars, { held: "100" });
    tell(run, order({ qty: shares(100) }));
    run.advance(at("10:01:00"));
    const [account] = run.state.accounts;
    const known = arrayTape({ X: bars }).knownAt(run.state.clock);
    expect(account && lastFigures(run.state, account, known).equity).toBe(units("101000"));
  });

  it("an order that flips opens too: nobody waits to open both sides", () => {
    const run = begin([bar(["09:30:00", 10, 10, 10, 10])], { held: "100", config: { flip: "split" } });
    run.advance(at("10:00:00"));
    tell(run, order({ side: "sell", qty: shares(150), type: "limit", limitPrice: usd("12") }));
    const limit = { type: "limit", limitPrice: usd("9") } as const;
    expect(run.command(order(limit))).toMatchObject({
      message: "cannot open a long buy while a short sell order is open",
    });
  });

  it("R33: a flip that nobody could price is paid for at its fill", () => {
    const run = begin([bar(["10:00:00", 10, 10, 10, 10])], {
      held: "100",
      config: { flip: "split", participation: null },
    });
    tell(run, order({ side: "sell", qty: shares(1_000_000) }));
    run.advance(at("10:01:00"));
    expect(statuses(run)).toEqual(["rejected"]);
  });
});
