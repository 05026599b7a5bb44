import { describe, expect, it } from "vitest";
import type { CivilDate } from "../kernel/index.ts";
import { dailyReturns } from "./daily-returns.ts";
import type { EquityPoint } from "./input.ts";

const day = (number: number, equity: number, flow = 0): EquityPoint => ({
  date: `2024-01-0${number}` as CivilDate,
  equity,
  flow,
  traded: 0,
});

describe("daily returns", () => {
  it("count from the starting cash, flat days included", () => {
    expect(dailyReturns(100, [day(2, 110), day(3, 110), day(4, 99)])).toEqual({
      returns: [expect.closeTo(0.1, 12), 0, expect.closeTo(-0.1, 12)],
      dates: ["2024-01-02", "2024-01-03", "2024-01-04"],
      ruinedOn: undefined,
    });
  });

  it("take a deposit for no performance, and a withdrawal for no loss", () => {
    const { returns } = dailyReturns(100, [day(2, 1100, 1000), day(3, 1210), day(4, 210, -1000)]);
    expect(returns).toEqual([0, expect.closeTo(0.1, 12), 0]);
  });

  it("call a day flat whose flow does not add up in binary", () => {
    expect(dailyReturns(0.1, [day(2, 0.1 + 0.2, 0.2)]).returns).toEqual([0]);
  });

  it.each([
    ["a loss of everything", [day(2, 50), day(3, 0), day(4, 0)], [-0.5, -1], "2024-01-03"],
    ["a debt", [day(2, -50), day(3, 10)], [-1.5], "2024-01-02"],
    ["a debt that a deposit pays", [day(2, 50, 100), day(3, 60)], [-1.5], "2024-01-02"],
    ["a withdrawal of everything", [day(2, 0, -100), day(3, 10)], [0], "2024-01-03"],
  ])("end with %s", (_, points, returns, ruinedOn) => {
    expect(dailyReturns(100, points)).toMatchObject({ returns, ruinedOn });
  });

  it("are none without equity to begin with", () => {
    expect(dailyReturns(0, [day(2, 100)])).toMatchObject({ returns: [], ruinedOn: "2024-01-02" });
  });
});
