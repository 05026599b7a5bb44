import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tradingDaysBetween } from "../calendar/index.ts";
import type { CivilDate } from "../kernel/index.ts";
import { buy, sell } from "./fill-fixture.ts";
import type { EquityPoint } from "./input.ts";
import { makeReport, type Report } from "./report.ts";

const sessions = tradingDaysBetween("2024-01-02" as CivilDate, "2024-12-31" as CivilDate);

const dated = (facts: readonly Omit<EquityPoint, "date">[]): readonly EquityPoint[] =>
  facts.flatMap((fact, index) => {
    const day = sessions[index];
    return day === undefined ? [] : [{ ...fact, date: day.date }];
  });

/** Every value of a report that is not JSON, with its place. */
function notJson(value: unknown, place = ""): readonly string[] {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? [] : [`${place}: ${value}`];
  if (value === null || typeof value === "string") return [];
  if (typeof value !== "object") return [`${place}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, each]) => notJson(each, `${place}.${key}`));
}

const anyAmount = fc.oneof(
  fc.constantFrom(0, -1, 1, 1e-300, 1e300, -1e300, 5e-324, 100, 100 + 1e-12),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);
const hostilePoints = fc
  .array(fc.record({ equity: anyAmount, flow: anyAmount, traded: anyAmount, held: anyAmount }), { maxLength: 50 })
  .map(dated);

/** Figures by section and key, for comparison with a tolerance. */
const figuresOf = ({ returns, risk, drawdown, pyfolio, other_tools: others }: Report): Record<string, unknown> => {
  const { worst: _worst, ...falls } = drawdown;
  return { ...returns, ...risk, ...falls, ...pyfolio, ...others };
};

const calm = fc.array(
  fc.record({ change: fc.integer({ min: -500, max: 500 }), flow: fc.integer({ min: -100, max: 100 }) }),
  { minLength: 30, maxLength: 60 },
);

/** Equity of 1000 that changes by basis points, with flows at the ends of days. */
function grown(days: readonly { readonly change: number; readonly flow: number }[], scale = 1): readonly EquityPoint[] {
  let equity = 1000;
  return dated(
    days.map(({ change, flow }) => {
      const paid = Math.max(flow, -equity / 4);
      equity = equity * (1 + change / 10_000) + paid;
      return { equity: equity * scale, flow: paid * scale, traded: 10 * scale, held: equity * scale };
    }),
  );
}

const report = (startEquity: number, points: readonly EquityPoint[]): Report =>
  makeReport({ startEquity, points, fills: [], splits: [], riskFree: 0.03 });

describe("a report", () => {
  it("is JSON whatever the equity did", () => {
    fc.assert(
      fc.property(anyAmount, hostilePoints, anyAmount, (startEquity, points, riskFree) => {
        const benchmark = points.map(({ date, traded }) => ({ date, close: traded }));
        const fills = [buy(0, "1@100", { fees: 1 }), sell(5, "2@90"), sell(6, "1@0.000000001")];
        const made = makeReport({ startEquity, points, fills, splits: [], riskFree, benchmark });
        expect(notJson(made)).toEqual([]);
        expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      }),
      { numRuns: 500 },
    );
  });

  it("is the same in dollars and in cents", () => {
    fc.assert(
      fc.property(calm, (days) => {
        const [one, other] = [report(1000, grown(days)), report(100_000, grown(days, 100))];
        const found = figuresOf(other);
        for (const [key, value] of Object.entries(figuresOf(one))) {
          const [a, b] = [Number(value), Number(found[key])];
          expect(found[key] === null, key).toBe(value === null);
          expect(Math.abs(a - b), key).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(a)));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("does not take flows for performance", () => {
    fc.assert(
      fc.property(calm, (days) => {
        const growth = days.reduce((value, { change }) => value * (1 + change / 10_000), 1);
        expect(report(1000, grown(days)).returns.cumulative_return).toBeCloseTo(growth - 1, 9);
      }),
    );
  });

  it("calls no drawdown deeper than everything, and no share more than all, while nothing is owed", () => {
    fc.assert(
      fc.property(calm, (days) => {
        const { drawdown, returns, risk } = report(1000, grown(days));
        expect(drawdown.max_drawdown).toBeGreaterThanOrEqual(-1);
        expect(drawdown.max_drawdown).toBeLessThanOrEqual(0);
        for (const share of [returns.win_rate_days, returns.exposure_days, risk.probabilistic_sharpe, risk.stability]) {
          expect(share ?? 0).toBeGreaterThanOrEqual(0);
          expect(share ?? 0).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(risk.cvar95_hist ?? 0).toBeLessThanOrEqual((risk.var95_hist ?? 0) + 1e-12);
      }),
    );
  });
});
