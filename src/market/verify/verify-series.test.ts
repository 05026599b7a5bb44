import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { MINUTE_MS } from "../../kernel/index.ts";
import { describeSymbol } from "../catalog/describe-symbol.ts";
import { HEADER_BYTES } from "../catalog/bars-file.ts";
import { commitSeries } from "../catalog/commit.ts";
import { importFile } from "../import/import-file.ts";
import { importActions } from "../import/import-table.ts";
import { openMarket, type Market } from "../market.ts";
import { at, columnsOf, hasSharedData, SHARED_DATA, temporaryDirectory } from "../market-fixture.ts";
import type { Finding } from "./findings.ts";
import type { SeriesVerdict } from "./verify-columns.ts";
import { verifySeries } from "./verify-series.ts";

const KEY = { symbol: "TEST", timeframe: "1Min" };

/** Ten minutes in the middle of each of three months. */
async function marketOfMonths(): Promise<{ readonly market: Market; readonly path: string }> {
  const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
  const bars = ["2024-01-16", "2024-02-15", "2024-03-15"].flatMap((date) =>
    Array.from({ length: 10 }, (_, index) => ({ start: at(`${date}T15:00:00Z`) + index * MINUTE_MS })),
  );
  await commitSeries(market.directory, [{ ...KEY, columns: columnsOf(bars), source: "a test" }]);
  market.refresh();
  const [name = ""] = await readdir(join(market.directory, "bars/T"));
  return { market, path: join(market.directory, "bars/T", name) };
}

async function verdictOf(market: Market): Promise<SeriesVerdict> {
  const verdict = await verifySeries(market, KEY);
  if (verdict === undefined) throw new Error("the series is there");
  return verdict;
}

describe("a series on disk", () => {
  it("is checked over all of its months", async () => {
    const { market } = await marketOfMonths();
    const verdict = await verdictOf(market);
    expect(verdict).toMatchObject({ rows: 30, errors: 0 });
    expect(verdict.findings.map(({ check, row }) => [check, row])).toEqual([
      ["large_gap", 11],
      ["large_gap", 21],
      ["missing_day", undefined],
      ["partial_day", undefined],
    ]);
    expect(await verifySeries(market, { ...KEY, timeframe: "5Min" })).toBeUndefined();
    expect(await verifySeries(market, { ...KEY, symbol: "NOPE" })).toBeUndefined();
  });

  it("that is replaced while it is read is read anew", async () => {
    const { market: writer } = await marketOfMonths();
    const reader = await openMarket({ dataDir: join(writer.directory, ".."), sample: false });
    // The reader has not opened the file yet when it is replaced; what it then opens is gone.
    const columns = columnsOf([{ start: at("2024-01-16T15:30:00Z") }]);
    await commitSeries(writer.directory, [{ ...KEY, columns, source: "a test" }]);
    expect(await verdictOf(reader)).toMatchObject({ rows: 31, errors: 0 });
  });

  async function flipByte(path: string, position: number): Promise<void> {
    const bytes = await readFile(path);
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }

  const damages: [string, (path: string) => Promise<void>, { rows: number; words: RegExp }][] = [
    [
      "cut off",
      (path) => truncate(path, HEADER_BYTES + 10),
      { rows: 0, words: /^\S+\.bars: it has 538 bytes, its header speaks of/ },
    ],
    ["gone", (path) => rm(path), { rows: 0, words: /no such file.*\.bars'\. Restore the file; or remove the series/ }],
    [
      "changed in one month",
      (path) => flipByte(path, HEADER_BYTES + 650),
      { rows: 20, words: /the bars of its month 2 are damaged/ },
    ],
  ];

  it.each(damages)("of which a file is %s says so once, and checks the rest", async (_, damage, { rows, words }) => {
    const { market, path } = await marketOfMonths();
    await damage(path);
    const verdict = await verdictOf(market);
    expect(verdict).toMatchObject({ rows, errors: 1 });
    expect(verdict.findings[0]).toMatchObject({ check: "damaged_file", message: expect.stringMatching(words) });
    expect(verdict.findings[0]?.message).toContain(path);
    expect(verdict.counts.map(({ check }) => check)).not.toContain("missing_day");
    expect(await describeSymbol(market, "TEST")).toMatchObject({
      series: [{ rows: 30, wantingDays: [], days: { present: 3 }, damages: [expect.stringMatching(words)] }],
    });
  });
});

describe.skipIf(!hasSharedData)("real day bars (skipped where ../shared/data is absent)", () => {
  let findings: readonly Finding[] = [];
  let findingsWithoutSplits: readonly Finding[] = [];
  let rows = 0;

  async function verifyAll(market: Market): Promise<readonly Finding[]> {
    rows = 0;
    const all: Finding[] = [];
    for (const { symbol, timeframe } of market.describe()) {
      const verdict = await verifySeries(market, { symbol, timeframe });
      rows += verdict?.rows ?? 0;
      all.push(...(verdict?.findings ?? []));
    }
    return all;
  }

  beforeAll(async () => {
    const undo: (() => Promise<void>)[] = [];
    const market = await openMarket({ dataDir: await temporaryDirectory((each) => undo.push(each)), sample: false });
    for (const name of await readdir(join(SHARED_DATA, "bars_1day"))) {
      await importFile({ market, path: join(SHARED_DATA, "bars_1day", name), timeframe: "1Day" });
    }
    findingsWithoutSplits = await verifyAll(market);
    await importActions({ market, path: join(SHARED_DATA, "corporate_actions.csv") });
    findings = await verifyAll(market);
    return async () => {
      for (const each of undo) await each();
    };
  }, 60_000);

  const placesOf = (check: string, all = findings): readonly string[] =>
    all.flatMap((each) =>
      each.check === check ? [`${each.symbol} ${new Date(each.at).toISOString().slice(0, 10)}`] : [],
    );

  it("have no errors, and few warnings in sixty thousand bars", () => {
    expect(rows).toBeGreaterThan(60_000);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(findings.filter(({ check }) => check !== "missing_day")).toHaveLength(10);
  });

  it("have the bad prints that are known, and one high of 2008 that is no better", () => {
    expect(placesOf("suspicious_print")).toEqual([
      "F 2002-07-16",
      "F 2004-11-05",
      "F 2008-10-08",
      "KO 2002-10-07",
      "KO 2003-12-23",
    ]);
  });

  it("have the missing sessions that are known", () => {
    const missing = findings.flatMap(({ check, symbol, message }) =>
      check === "missing_day" ? [`${symbol} ${/got (\d+) /.exec(message)?.[1]}`] : [],
    );
    expect(missing).toEqual(["AAPL 2", "AMZN 11", "FB 12", "GOOG 10", "KO 1", "MSFT 1"]);
  });

  it("moved as by a split without one on five nights: a spin-off, two crashes, two leaps", () => {
    expect(placesOf("split_sized_jump")).toEqual([
      "AAPL 2000-09-29",
      "AMZN 2001-04-09",
      "DELL 1993-05-25",
      "EBAY 1999-01-27",
      "F 1998-04-08",
    ]);
    expect(placesOf("split_without_jump")).toEqual([]);
  });

  it("show every split of a usual ratio where none is on record", () => {
    expect(placesOf("split_sized_jump", findingsWithoutSplits)).toHaveLength(5 + 38);
  });
});
