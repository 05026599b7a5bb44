/** A table on disk: all of a file or nothing, one writer at a time, whole at every moment, and damage is named. */
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { withCatalogLock } from "../catalog/lock.ts";
import { openMarket, type Market } from "../market.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { TableReading } from "../tables/table-reading.ts";
import { actionsCsv, csv, failureOf, fixture, GOOD } from "./import-fixture.ts";
import { importActions } from "./import-table.ts";

const split = (symbol: string, newRate = 2): string => `${symbol},2023-06-01,split,1,${newRate},,,,`;

const symbolsOf = (market: Market): string =>
  [...new Set(market.allCorporateActions().map((one) => one.symbol))].join();

const filesOf = async (market: Market): Promise<string[]> =>
  (await readdir(market.directory)).filter((name) => name.startsWith("corporate-actions")).toSorted();

const reopen = async (market: Market): Promise<Market> =>
  openMarket({ dataDir: join(market.directory, ".."), sample: false });

describe("an import of a table", () => {
  it("that is done again changes nothing and says so", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv(split("A"), split("B")));
    const [generation, files] = [market.generation(), await filesOf(market)];
    expect(await takeActions(gzipSync(actionsCsv(split("B"))))).toMatchObject({ isUnchanged: true, rowsAccepted: 1 });
    expect([market.generation(), await filesOf(market)]).toEqual([generation, files]);
  });

  it("is seen by a server that runs, and by one that starts later", async () => {
    const { market, take, takeActions } = await fixture(onTestFinished);
    const reader = await reopen(market);
    const generation = reader.generation();
    await takeActions(actionsCsv(split("A")));
    reader.refresh();
    expect([reader.generation(), symbolsOf(reader)]).toEqual([generation + 1, "A"]);
    const list = reader.corporateActions("A");
    await take("SPY.csv", csv(...GOOD));
    reader.refresh();
    expect(reader.generation()).toBe(generation + 2);
    // Bars have changed and actions have not: they are not even read again.
    expect(reader.corporateActions("A")).toBe(list);
    expect(symbolsOf(await reopen(market))).toBe("A");
  });

  it("leaves one file, in the form that is documented and can be imported again", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv(split("B"), "A,2023-06-01,cash_dividend,,,0.50,,2023-06-20,"));
    await takeActions(actionsCsv(split("B", 3)));
    const [name = "", ...others] = await filesOf(market);
    expect(others).toEqual([]);
    const text = await readFile(join(market.directory, name), "utf8");
    expect(text).toBe(actionsCsv("A,2023-06-01,cash_dividend,,,0.5,,2023-06-20,", split("B", 3)));
    expect(await takeActions(text)).toMatchObject({ isUnchanged: true });
  });

  it("is nothing at all where the gzip data is cut off", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    const whole = gzipSync(actionsCsv(...Array.from({ length: 2000 }, (_, index) => split(`S${index}`))));
    for (const length of [whole.length - 1, Math.floor(whole.length / 2), 15]) {
      const error = await failureOf(takeActions(whole.subarray(0, length)));
      expect(error).toMatchObject({ code: "import_failed", message: expect.stringContaining("gzip data is cut off") });
    }
    expect(market.allCorporateActions()).toEqual([]);
  });

  it("is nothing at all where the manifest cannot be written, and leaves no file behind", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv(split("A")));
    const before = await filesOf(market);
    const inTheWay = join(market.directory, `manifest.json.${process.pid}.tmp`);
    await mkdir(inTheWay);
    expect(await failureOf(takeActions(actionsCsv(split("B"))))).toMatchObject({ code: "import_failed" });
    expect([await filesOf(market), symbolsOf(market), symbolsOf(await reopen(market))]).toEqual([before, "A", "A"]);
    await rm(inTheWay, { recursive: true });
    await takeActions(actionsCsv(split("B")));
    expect(symbolsOf(market)).toBe("A,B");
  });

  it("does not mind what a killed one has left, and removes it", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv(split("A")));
    const [named = ""] = await filesOf(market);
    for (const name of [`corporate-actions-${"0".repeat(16)}.csv`, `${named}.123.tmp`]) {
      await writeFile(join(market.directory, name), "half a fi");
    }
    expect(symbolsOf(await reopen(market))).toBe("A");
    await takeActions(actionsCsv(split("B")));
    expect(await filesOf(market)).toHaveLength(1);
  });

  it("changes nothing while another does not end, and names the lock", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv(split("A")));
    await withCatalogLock(market.directory, 0, async () => {
      expect(await failureOf(takeActions(actionsCsv(split("B")), { lockWaitMs: 0 }))).toMatchObject({
        code: "data_directory_locked",
        message: expect.stringMatching(/catalog\.lock is locked/),
      });
    });
    expect(symbolsOf(market)).toBe("A");
  });

  it("beside others takes turns with them, and loses nothing of theirs", async () => {
    const { market, take, takeAssets } = await fixture(onTestFinished);
    const symbols = ["A", "B", "C", "D"];
    await Promise.all([
      take("SPY.csv", csv(...GOOD)),
      takeAssets("symbol,leverage\nSPY,2\n"),
      ...symbols.map(async (symbol) => {
        const path = join(market.directory, "..", `${symbol}.csv`);
        await writeFile(path, actionsCsv(split(symbol)));
        return importActions({ market, path });
      }),
    ]);
    market.refresh();
    expect([symbolsOf(market), market.findAsset("SPY")?.leverage]).toEqual(["A,B,C,D", 2]);
    expect(await filesOf(market)).toHaveLength(1);
  });

  it("keeps to the most rows that a table holds", () => {
    const reading = new TableReading("big.csv", ACTIONS_TABLE, 2);
    reading.take("symbol,ex_date,type,old_rate,new_rate,cash_per_share", 1);
    for (const symbol of ["A", "B", "B"]) reading.take(`${symbol},2023-06-01,split,1,2,`, 2);
    const message = /big\.csv: a table holds at most 2 rows/;
    expect(() => reading.take("C,2023-06-01,split,1,2,", 5)).toThrow(message);
  });
});

describe("a damaged table", () => {
  it.each([
    ["has another content", (path: string) => appendFile(path, "A,2024-06-03,split,1,2,,,,\n")],
    ["is gone", (path: string) => rm(path)],
  ])("that %s is named, and nothing is done with it", async (_, damage) => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv(split("A")));
    const [name = ""] = await filesOf(market);
    await damage(join(market.directory, name));
    const wanted = { code: "data_directory_damaged", message: expect.stringContaining(name) };
    expect(await failureOf(reopen(market))).toMatchObject(wanted);
    expect(await failureOf(takeActions(actionsCsv(split("B"))))).toMatchObject(wanted);
  });
});
