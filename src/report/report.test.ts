import { describe, expect, it } from "vitest";
import { tradingDaysBetween } from "../calendar/index.ts";
import { InvariantError, type CivilDate } from "../kernel/index.ts";
import { buy, sell } from "./fill-fixture.ts";
import type { EquityPoint, ReportInput } from "./input.ts";
import { makeReport, type Report } from "./report.ts";
import { closes, expectTied, points, START_EQUITY } from "./tie-out-fixture.ts";

const input = (over: Partial<ReportInput>): ReportInput => ({
  startEquity: START_EQUITY,
  points: [],
  fills: [],
  splits: [],
  ...over,
});

/** Sessions from 2024-01-02, each with a return. */
function run(returns: readonly number[], over: Partial<EquityPoint> = {}): readonly EquityPoint[] {
  let equity = START_EQUITY;
  const sessions = tradingDaysBetween("2024-01-02" as CivilDate, "2030-12-31" as CivilDate);
  return returns.flatMap((each, index) => {
    const day = sessions[index];
    equity *= 1 + each;
    return day === undefined ? [] : [{ date: day.date, equity, flow: 0, traded: 0, ...over }];
  });
}

const waves = Array.from({ length: 60 }, (_, index) => Math.sin(index) / 100 + 0.001);

/** Sections of figures, with their names. */
const sectionsOf = (report: Report) => ({
  period: report.period,
  returns: report.returns,
  risk: report.risk,
  drawdown: report.drawdown,
  benchmark: report.benchmark ?? {},
  trades: report.trades,
  pyfolio: report.pyfolio,
  other_tools: report.other_tools,
});

describe("a report", () => {
  const report = makeReport(input({ points, benchmark: closes }));

  it("says which days it is about: the start is the close before the first session", () => {
    expect(report.period).toEqual({
      definition_version: 1,
      start: "2024-01-02",
      first: "2024-01-03",
      last: "2024-01-16",
      sessions: 10,
      days: 10,
      calendar_days: 14,
      risk_free: 0,
    });
  });

  it("has the figures of the tie-out example", () => {
    expectTied(report.returns.cumulative_return ?? 0, 0.05);
    expectTied(report.risk.var95_hist ?? 0, -0.026993778281);
    expectTied(report.drawdown.max_drawdown ?? 0, -0.029411764706);
    expectTied(report.benchmark?.beta ?? 0, 2.151321540372);
    expectTied(report.benchmark?.information_ratio ?? 0, 0.218293765535);
    expect(report.drawdown.worst).toEqual([
      {
        peak: "2024-01-05",
        trough: "2024-01-08",
        recovery: "2024-01-10",
        depth: expect.closeTo(-0.029411764706, 12),
        length_days: 5,
      },
      {
        peak: "2024-01-12",
        trough: "2024-01-15",
        recovery: "2024-01-16",
        depth: expect.closeTo(101.5 / 104 - 1, 12),
        length_days: 4,
      },
      expect.objectContaining({ peak: "2024-01-03" }),
      expect.objectContaining({ peak: "2024-01-10" }),
    ]);
  });

  it("withholds from a short sample what is annualised, and says so", () => {
    expect(report.returns).toMatchObject({ cagr_252: null, cagr_calendar: null });
    expect(report.risk).toMatchObject({ sharpe_252: null, sortino_252: null, volatility_252: null });
    expect(report.drawdown.calmar).toBeNull();
    expect(report.benchmark).toMatchObject({ alpha_compound: null, alpha_simple: null, up_capture: null });
    expect(report.pyfolio).toMatchObject({ "Annual return": null, "Sharpe ratio": null, Alpha: null });
    expect(report.other_tools).toMatchObject({ sharpe_lean: null, sharpe_backtesting_py: null });
    expect(report.notes[0]).toBe("Annualised figures are withheld: they need 30 daily returns, and there are 10.");
    const [short, long] = [29, 30].map((days) => makeReport(input({ points: run(waves.slice(0, days)) })).risk);
    expect([short?.sharpe_252, long?.sharpe_252]).toEqual([null, expect.any(Number)]);
  });

  it("publishes both annual returns", () => {
    const { returns } = makeReport(input({ points: run(waves) }));
    // 60 sessions from 2023-12-29 to 2024-03-27 are 89 calendar days.
    const growth = 1 + (returns.cumulative_return ?? 0);
    expectTied(returns.cagr_252 ?? 0, growth ** (252 / 60) - 1);
    expectTied(returns.cagr_calendar ?? 0, growth ** (365.25 / 89) - 1);
  });

  it("defines every key once, in a sentence", () => {
    const keys = Object.values(sectionsOf(report)).flatMap((section) => Object.keys(section));
    const rows = Object.keys(report.drawdown.worst[0] ?? {});
    expect(Object.keys(report.definitions).toSorted()).toEqual([...keys, ...rows].toSorted());
    for (const [key, sentence] of Object.entries(report.definitions)) expect(sentence, key).toMatch(/^\S.{10,}\.$/);
  });

  it("keeps its keys", () => {
    const keys = Object.fromEntries(
      Object.entries(sectionsOf(report)).map(([name, section]) => [name, Object.keys(section).join(" ")]),
    );
    expect(keys).toMatchInlineSnapshot(`
      {
        "benchmark": "benchmark_days benchmark_cumulative_return benchmark_cagr_252 beta alpha_compound alpha_simple tracking_error_252 information_ratio information_ratio_lean treynor up_capture down_capture",
        "drawdown": "max_drawdown longest_drawdown_days calmar ulcer_index ulcer_performance_index recovery_factor worst",
        "other_tools": "cagr_lean sharpe_lean sortino_lean max_drawdown_lean probabilistic_sharpe_lean var95_lean cagr_quantstats_old probabilistic_sharpe_quantstats volatility_backtesting_py sharpe_backtesting_py sortino_backtesting_py",
        "period": "definition_version start first last sessions days calendar_days risk_free",
        "pyfolio": "Annual return Cumulative returns Annual volatility Sharpe ratio Calmar ratio Stability Max drawdown Omega ratio Sortino ratio Skew Kurtosis Tail ratio Daily value at risk Gross leverage Daily turnover Alpha Beta",
        "returns": "cumulative_return cagr_252 cagr_calendar expected_daily_return win_rate_days payoff_days kelly profit_factor_days gain_to_pain exposure_days",
        "risk": "volatility_252 downside_deviation_252 sharpe_252 sharpe_daily sortino_252 probabilistic_sharpe omega tail_ratio stability var95_hist var95_normal cvar95_hist cvar95_normal skew kurtosis_excess",
        "trades": "total_trades open_trades win_rate loss_rate average_win average_loss profit_loss_ratio expectancy total_fees portfolio_turnover average_trade_duration_s longest_trade_duration_s largest_win largest_loss consecutive_wins consecutive_losses average_mae largest_mae average_mfe largest_mfe estimated_capacity",
      }
    `);
  });

  it("shows pyfolio's rows in pyfolio's order, its moments without bias correction", () => {
    expect(Object.keys(report.pyfolio)).toEqual([
      "Annual return",
      "Cumulative returns",
      "Annual volatility",
      "Sharpe ratio",
      "Calmar ratio",
      "Stability",
      "Max drawdown",
      "Omega ratio",
      "Sortino ratio",
      "Skew",
      "Kurtosis",
      "Tail ratio",
      "Daily value at risk",
      "Gross leverage",
      "Daily turnover",
      "Alpha",
      "Beta",
    ]);
    const { skew, kurtosis_excess: kurtosis } = report.risk;
    // G1 = g1 × √(n (n − 1)) / (n − 2), and the same turned round for G2.
    expectTied(report.pyfolio.Skew ?? 0, ((skew ?? 0) * 8) / Math.sqrt(90));
    expectTied(report.pyfolio.Kurtosis ?? 0, (((kurtosis ?? 0) * 8 * 7) / 9 - 6) / 11);
  });

  it("has no benchmark without one", () => {
    const alone = makeReport(input({ points }));
    expect(alone.benchmark).toBeNull();
    expect(alone.pyfolio).toMatchObject({ Alpha: null, Beta: null });
  });

  it("finds in its own equity a benchmark of beta 1 and alpha 0", () => {
    const days = run(waves);
    const benchmark = [
      { date: "2023-12-29" as CivilDate, close: START_EQUITY },
      ...days.map(({ date, equity }) => ({ date, close: equity })),
    ];
    expect(makeReport(input({ points: days, benchmark })).benchmark).toMatchObject({
      benchmark_days: 60,
      beta: expect.closeTo(1, 12),
      alpha_compound: expect.closeTo(0, 9),
      tracking_error_252: 0,
      information_ratio: null,
      up_capture: expect.closeTo(1, 9),
    });
  });
});

describe("the notes of a report", () => {
  const notesOf = (over: Partial<ReportInput>): string =>
    makeReport(input({ points: run(waves), ...over })).notes.join("\n");

  it("always say how accruals move between days", () => {
    expect(notesOf({})).toBe(
      "Fees and interest are taken off equity when they are posted, not as they accrue; dividends are added on their pay date.",
    );
    expect(notesOf({ isNetOfAccruals: true })).toMatch(/^Fees and interest are taken off equity as they accrue/);
  });

  it("tell of sessions that are missing and of days that are none, a half day not among them", () => {
    expect(notesOf({ points: run(waves).filter((_, index) => index !== 5) })).toMatch(
      "sessions without equity: 1, other days with it: 0.",
    );
    const holiday = { date: "2024-01-15" as CivilDate, equity: 1, flow: 0, traded: 0 };
    expect(notesOf({ points: [...run(waves.slice(0, 9)), holiday] })).toMatch(
      "sessions without equity: 0, other days with it: 1.",
    );
    const [early] = tradingDaysBetween("2024-07-03" as CivilDate, "2024-07-03" as CivilDate);
    expect(early).toBeDefined();
    const around = ["2024-07-02", "2024-07-03", "2024-07-05"].map((date) => ({ ...holiday, date: date as CivilDate }));
    expect(notesOf({ points: around })).not.toMatch("sessions without equity");
  });

  it("tell of closes that a benchmark lacks", () => {
    const benchmark = run(waves).map(({ date, equity }) => ({ date, close: equity }));
    expect(notesOf({ benchmark })).toMatch("59 returns are compared instead of 60");
  });

  it("tell of trades that are open, and of excursions whose prices are not known", () => {
    expect(notesOf({ fills: [buy(0, "1@1")] })).toMatch(
      "Trades still open at the end are not in the figures of trades: 1.",
    );
    const fills = [buy(0, "1@1"), sell(1, "1@1")];
    expect(notesOf({ fills })).toMatch("Excursions of trades are withheld");
    expect(notesOf({ fills, priceRange: () => undefined })).toMatch("Excursions of trades are withheld");
    expect(notesOf({ fills, priceRange: () => ({ low: 1, high: 1 }) })).not.toMatch("Excursions");
  });

  it("tell that capacity needs the market's side of every fill that an order made", () => {
    expect(notesOf({ fills: [buy(0, "1@1"), sell(1, "1@1", { marketValue: 9 })] })).toMatch("Capacity is withheld");
    expect(notesOf({ fills: [buy(0, "1@1", { order: 0 }), sell(1, "1@1", { marketValue: 9 })] })).not.toMatch(
      "Capacity",
    );
  });
});

describe("a report refuses rather than flatters", () => {
  it("has no Sharpe ratio without deviation", () => {
    const flat = makeReport(input({ points: run(waves.map(() => 0)) }));
    expect(flat.risk).toMatchObject({
      volatility_252: 0,
      sharpe_252: null,
      sortino_252: null,
      probabilistic_sharpe: null,
    });
    expect(flat.drawdown).toMatchObject({ max_drawdown: 0, calmar: null, longest_drawdown_days: 0, worst: [] });
    expect(flat.notes[0]).toMatch("Every daily return is the same");
    const rising = makeReport(input({ points: run(waves.map(() => 0.01)) }));
    expect(rising.risk).toMatchObject({ volatility_252: 0, sharpe_252: null, skew: null });
  });

  it("counts a drawdown that begins on the first day", () => {
    const { drawdown } = makeReport(input({ points: run([-0.1, 0.05]) }));
    expect(drawdown.max_drawdown).toBeCloseTo(-0.1, 12);
    expect(drawdown.worst).toMatchObject([{ peak: "2023-12-29", trough: "2024-01-02", recovery: null }]);
  });

  it("counts no return after a ruin", () => {
    const report = makeReport(input({ points: run([...waves, -1, 0, 0]) }));
    expect(report.period).toMatchObject({ sessions: 63, days: 61 });
    expect(report.returns).toMatchObject({ cumulative_return: -1, cagr_252: -1 });
    expect(report.risk.stability).toBeNull();
    expect(report.notes).toContainEqual(expect.stringMatching(/^No equity was left on 2024-03-28: 61 daily returns/));
  });

  it("says nothing of nothing", () => {
    const report = makeReport(input({}));
    const figures = [report.returns, report.risk, report.pyfolio, report.other_tools].flatMap(Object.values);
    expect(new Set(figures)).toEqual(new Set([null]));
    expect(report.period).toMatchObject({ start: null, first: null, last: null, days: 0 });
    expect(report.trades).toMatchObject({ total_trades: 0, total_fees: 0, win_rate: null });
  });

  it("takes no equity that is not a number, and no days out of order", () => {
    const [first, second] = points;
    const bad = { date: "2024-02-01" as CivilDate, equity: Number.NaN, flow: 0, traded: 0 };
    expect(() => makeReport(input({ points: [bad] }))).toThrow(InvariantError);
    expect(() => makeReport(input({ startEquity: Number.POSITIVE_INFINITY }))).toThrow(InvariantError);
    const unordered = [second, first].filter((each) => each !== undefined);
    expect(() => makeReport(input({ points: unordered }))).toThrow("one point a session, in order");
  });
});

describe("the trades of a report", () => {
  it("are LEAN's, with turnover, leverage, excursions and capacity where their facts are given", () => {
    const fills = [
      buy(0, "10@100", { fees: 1, marketValue: 50_000 }),
      sell(60, "10@110", { fees: 1, marketValue: 50_000 }),
      buy(100, "10@100", { marketValue: 50_000 }),
      sell(101, "10@95", { marketValue: 50_000 }),
    ];
    const days = run([0, 0], { traded: 2000, held: 50_000 });
    const report = makeReport(input({ points: days, fills, priceRange: () => ({ low: 90, high: 115 }) }));
    expect(report.trades).toEqual({
      total_trades: 2,
      open_trades: 0,
      win_rate: 0.5,
      loss_rate: 0.5,
      average_win: expect.closeTo(0.00098, 12),
      average_loss: expect.closeTo(-50 / 100_098, 12),
      profit_loss_ratio: expect.closeTo(0.00098 / (50 / 100_098), 9),
      expectancy: expect.closeTo(0.5 * (0.00098 / (50 / 100_098)) - 0.5, 9),
      total_fees: 2,
      portfolio_turnover: 0.02,
      average_trade_duration_s: 1830,
      longest_trade_duration_s: 3600,
      largest_win: 98,
      largest_loss: -50,
      consecutive_wins: 1,
      consecutive_losses: 1,
      average_mae: -100,
      largest_mae: -100,
      average_mfe: 150,
      largest_mfe: 150,
      estimated_capacity: 10_000,
    });
    expect(report.pyfolio).toMatchObject({
      "Gross leverage": 0.5,
      "Daily turnover": (2000 / 25_000 + 2000 / 50_000) / 2,
    });
  });

  it("have no turnover of a book that was empty at every close", () => {
    expect(makeReport(input({ points: run([0], { traded: 5, held: 0 }) })).pyfolio["Daily turnover"]).toBeNull();
    expect(makeReport(input({ points: run([0], { held: 0 }) })).pyfolio["Daily turnover"]).toBe(0);
  });
});
