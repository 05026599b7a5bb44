/** Bars that travel: what is written of a catalog, what another one makes of it, and lines that are none. */
import { describe, expect, it, onTestFinished } from "vitest";
import { formatInstant, instant, type CivilDate } from "../../kernel/index.ts";
import { actionsCsv, barsOf, csv, fixture, type Fixture } from "../import/import-fixture.ts";
import { monthAt } from "../months.ts";
import { ParcelDesk, ParcelProblem, type ParcelReport } from "./take-parcel.ts";
import { writeParcel } from "./write-parcel.ts";

const time = (text: string) => instant(Date.parse(text));
const OPEN = Date.parse("2023-01-04T14:30:00Z");

/** Two days of minutes, and before them three days of which only the whole day is known. */
async function shop(): Promise<Fixture> {
  const all = await fixture(onTestFinished);
  const minutes = [0, 1, 2, 1440, 1441].map((minute) => {
    const close = 10 + minute / 7000;
    return `${formatInstant(instant(OPEN + minute * 60_000))},10,11,9,${close},${100 + minute}`;
  });
  await all.take("ABC.csv", csv(...minutes), { symbol: "ABC", timeframe: "1Min" });
  const days = ["2022-12-30", "2023-01-03", "2023-01-04", "2023-01-05"].map((date) => `${date},10,11,9,10.5,5000`);
  await all.take("days.csv", csv(...days), { symbol: "ABC", timeframe: "1Day", timezone: "America/New_York" });
  await all.take("adjusted.csv", csv(...minutes), { symbol: "ADJ", timeframe: "1Min", isAdjusted: true });
  await all.takeActions(
    actionsCsv(
      "ABC,2023-01-04,split,1,2,,,,",
      "ABC,2023-01-05,cash_dividend,,,0.5,,,",
      "OTHER,2023-01-03,split,1,2,,,,",
    ),
  );
  await all.takeAssets("symbol,name,shortable\nABC,The alphabet,false\n");
  return all;
}

const spans = [
  { symbol: "ABC", from: "2022-12-30" as CivilDate, to: "2023-01-05" as CivilDate },
  { symbol: "ADJ", from: "2023-01-04" as CivilDate, to: "2023-01-04" as CivilDate },
];

async function linesOf({ market }: Fixture, knownAt = "2023-01-06T00:00:00Z"): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of writeParcel({ market, spans, knownAt: time(knownAt) })) lines.push(line);
  return lines;
}

async function taken(
  { market }: Fixture,
  lines: readonly string[],
  isWanted = (_symbol: string): boolean => true,
): Promise<ParcelReport> {
  const desk = new ParcelDesk({ market, isWanted });
  try {
    for (const line of lines) await desk.take(line);
    return await desk.finish();
  } finally {
    await desk.clear();
  }
}

describe("a parcel of bars", () => {
  it("makes the same days in another catalog, to the last bit", async () => {
    const [from, to] = [await shop(), await fixture(onTestFinished)];
    const lines = await linesOf(from);
    expect(await taken(to, lines)).toEqual({ bars: 5 + 2 + 3, added: 10, symbols: ["ABC", "ADJ"] });
    for (const month of [monthAt(time("2022-12-30T15:00:00Z")), monthAt(time("2023-01-04T15:00:00Z"))]) {
      const { days } = await from.market.monthContent("ABC", month);
      expect(days.length).toBeGreaterThan(0);
      expect((await to.market.monthContent("ABC", month)).days).toEqual(days);
    }
    expect(await barsOf(to.market, "ADJ", "1Min")).toEqual((await barsOf(from.market, "ADJ", "1Min")).slice(0, 3));
    expect([to.market.isAdjusted("ADJ"), to.market.isAdjusted("ABC")]).toEqual([true, false]);
    expect(to.market.allCorporateActions()).toEqual(from.market.corporateActions("ABC"));
    expect(to.market.findAsset("ABC")).toEqual(from.market.findAsset("ABC"));
    expect(await linesOf(to)).toEqual(lines);
    expect(await taken(to, lines)).toMatchObject({ added: 0, symbols: [] });
  });

  it("tells of nothing that became known later", async () => {
    const [from, twin] = [await shop(), await shop()];
    await twin.take("later.csv", csv("2023-01-04T14:33:00Z,10,11,9,10,77"), { symbol: "ABC", timeframe: "1Min" });
    await twin.takeActions(actionsCsv("ABC,2023-01-06,split,1,3,,,,"));
    const clock = "2023-01-04T14:32:30Z";
    const lines = await linesOf(from, clock);
    expect(await linesOf(twin, clock)).toEqual(lines);
    expect(lines.filter((line) => line.startsWith("["))).toHaveLength(2 + 2 + 2);
    expect(lines[0]).toContain("split");
    expect(lines[0]).not.toContain("cash_dividend");
  });

  it("changes nothing of what a catalog has, and leaves what is not wanted", async () => {
    const [from, to] = [await shop(), await fixture(onTestFinished)];
    await to.take("ABC.csv", csv("2023-01-04T14:30:00Z,20,21,19,20,1"), { symbol: "ABC", timeframe: "1Min" });
    await to.takeActions(actionsCsv("ABC,2023-01-04,split,1,5,,,,"));
    const report = await taken(to, await linesOf(from), (symbol) => symbol === "ABC");
    expect(report).toEqual({ bars: 10, added: 2 + 2, symbols: ["ABC"] });
    const [own, ...added] = await barsOf(to.market, "ABC", "1Min");
    expect([own?.open, added.map(({ open }) => open)]).toEqual([20, [10, 10]]);
    expect(to.market.corporateActions("ABC")).toMatchObject([
      { type: "split", newRate: 5_000_000_000n },
      { type: "cash_dividend" },
    ]);
    expect([to.market.hasSymbol("ADJ"), to.market.findAsset("ABC")?.isShortable]).toEqual([false, true]);
  });

  const TABLES = JSON.stringify({ assets: "symbol\n", actions: actionsCsv() });
  const SERIES = '{"symbol":"ABC","timeframe":"1Min","adjusted":false}';
  it.each<[string, readonly string[], RegExp]>([
    ["no JSON", ["{"], /not JSON/],
    ["no tables", [SERIES], /do not begin with what is known/],
    ["a table of nonsense", ['{"assets":"x","actions":""}'], /wanted a header/],
    ["a row of nonsense", ['{"assets":"symbol\\nno symbol\\n","actions":""}'], /assets, line 2/],
    ["a bar of no series", [TABLES, "[1,1,1,1,1,1,null,null]"], /before its series/],
    ["a short bar", [TABLES, SERIES, "[1,1,1,1,1,1]"], /not eight numbers/],
    ["a bar of texts", [TABLES, SERIES, '[1,"1",1,1,1,1,null,null]'], /not eight numbers/],
    ["a bar without a price", [TABLES, SERIES, "[1,null,1,1,1,1,null,null]"], /not eight numbers/],
    ["a bar of no time", [TABLES, SERIES, "[1e300,1,1,1,1,1,null,null]"], /not eight numbers/],
    ["a symbol that is a path", [TABLES, SERIES.replace("ABC", "../x")], /neither of a bar nor of a series/],
    ["weeks", [TABLES, SERIES.replace("1Min", "1Week")], /neither of a bar nor of a series/],
    [
      "another count",
      [TABLES, SERIES, "[1,1,1,1,1,1,null,null]", '{"bars":2}'],
      /has 1 bars, and its last line says 2/,
    ],
    ["lines after the last", [TABLES, '{"bars":0}', '{"bars":0}'], /go on after their last line/],
    ["no last line", [TABLES, SERIES], /no last line/],
  ])("is refused for %s", async (_what, lines, problem) => {
    const to = await fixture(onTestFinished);
    const error: unknown = await taken(to, lines).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ParcelProblem);
    expect(String(error)).toMatch(problem);
    expect(to.market.describe()).toEqual([]);
  });
});
