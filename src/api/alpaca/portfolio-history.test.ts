import { describe, expect, it } from "vitest";
import {
  cash,
  instant,
  parseInstant,
  price,
  quantity,
  SCALE,
  type CivilDate,
  type Instant,
} from "../../kernel/index.ts";
import type { HistoryWindow } from "./history-grid.ts";
import type { HistoryRequest } from "./history-query.ts";
import { presentHistory, pricesForHistory, type HistoryPlan } from "./portfolio-history.ts";

const time = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};

const REQUEST: HistoryRequest = {
  timeframe: "1H",
  reporting: "market_hours",
  start: undefined,
  end: undefined,
  period: { count: 1, unit: "D" },
  hasPeriod: false,
  resetsDaily: true,
  cashflows: undefined,
};

const hour = (label: string): HistoryWindow => {
  const at = instant(time(label) + 3_600_000);
  return { label: time(label), at, pricedAt: at, date: label.slice(0, 10) as CivilDate };
};

/** Two hours of two days, and the closes before each. */
const WINDOWS = ["2023-01-04T14:30:00Z", "2023-01-04T15:30:00Z", "2023-01-05T14:30:00Z", "2023-01-05T15:30:00Z"].map(
  hour,
);
const base = (date: string, close: string) => {
  const at = time(close);
  return { at, pricedAt: at, asOf: date as CivilDate };
};
const BASES = new Map([
  ["2023-01-04" as CivilDate, base("2023-01-03", "2023-01-03T21:00:00Z")],
  ["2023-01-05" as CivilDate, base("2023-01-04", "2023-01-04T21:00:00Z")],
]);

/** Cash and shares of AAPL at each moment. */
function plan(holdings: readonly (readonly [bigint, bigint])[], changes: Partial<HistoryPlan> = {}): HistoryPlan {
  const bases = changes.bases ?? BASES;
  const moments = [...WINDOWS, ...bases.values()].toSorted((a, b) => a.at - b.at);
  return {
    request: REQUEST,
    windows: WINDOWS,
    cashflow: undefined,
    ...changes,
    bases,
    stock: {
      moments,
      holdings: holdings.map(([money, shares]) => ({
        cash: cash(money * SCALE),
        shares: new Map(shares === 0n ? [] : [["AAPL", quantity(shares * SCALE)]]),
      })),
      costs: new Map([["AAPL", price(90n * SCALE)]]),
    },
  };
}

const prices = (...dollars: readonly (number | undefined)[]) =>
  new Map([["AAPL", dollars.map((each) => (each === undefined ? undefined : price(BigInt(each) * SCALE)))]]);

describe("the points of a portfolio history", () => {
  it("ask for a price only where something was held", () => {
    const asked = pricesForHistory(
      plan([
        [1000n, 0n],
        [0n, 10n],
        [0n, 10n],
        [0n, 10n],
        [1000n, 0n],
        [1000n, 0n],
      ]),
    );
    expect([...asked.keys()]).toEqual(["AAPL"]);
    expect(asked.get("AAPL")?.map(({ at }) => at)).toEqual([
      WINDOWS[0]?.at,
      WINDOWS[1]?.at,
      time("2023-01-04T21:00:00Z"),
    ]);
  });

  it("are cash and shares at their prices, against the close before each day", () => {
    const held = plan([
      [1000n, 0n],
      [0n, 10n],
      [0n, 10n],
      [0n, 10n],
      [100n, 9n],
      [100n, -9n],
    ]);
    expect(presentHistory(held, prices(101, 102, 104, 100, 110))).toEqual({
      timestamp: WINDOWS.map(({ label }) => label / 1000),
      equity: [1010, 1020, 1000, -890],
      profit_loss: [10, 20, -40, -1930],
      profit_loss_pct: [0.01, 0.02, -0.038461538, -1.855769231],
      base_value: 1000,
      base_value_asof: "2023-01-03",
      timeframe: "1H",
    });
  });

  it("count from the first base alone where profit is not to start anew", () => {
    const held = plan(
      [
        [1000n, 0n],
        [0n, 10n],
        [0n, 10n],
        [0n, 10n],
        [0n, 10n],
        [0n, 10n],
      ],
      {
        request: { ...REQUEST, resetsDaily: false },
      },
    );
    expect(presentHistory(held, prices(101, 102, 104, 100, 110)).profit_loss).toEqual([10, 20, 0, 100]);
  });

  it("count from the first point where the account had no close before", () => {
    const bases = new Map([...BASES].slice(1));
    const held = plan(
      [
        [1000n, 0n],
        [900n, 0n],
        [950n, 0n],
        [990n, 0n],
        [960n, 0n],
      ],
      { bases },
    );
    expect(presentHistory(held, new Map())).toMatchObject({ base_value: 1000, profit_loss: [0, -100, 40, 10] });
    expect(presentHistory(held, new Map())).not.toHaveProperty("base_value_asof");
  });

  it("value what has no price yet at its cost, and have no percentage of nothing", () => {
    const held = plan([
      [0n, 0n],
      [0n, 10n],
      [0n, 10n],
      [0n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
    expect(presentHistory(held, prices(undefined, 95))).toMatchObject({
      equity: [900, 950, 0, 0],
      profit_loss_pct: [null, null, null, null],
    });
  });
});
