/** The catalog on disk: merging, idempotence, conflicts, locks, damage, and readers beside a writer. */
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AppError, instant, isRefusal, MINUTE_MS, type Instant } from "../../kernel/index.ts";
import { openMarket, type Market } from "../market.ts";
import { at, columnsOf, temporaryDirectory, type TestBar } from "../market-fixture.ts";
import type { LoadedMarket } from "../segments/loaded-market.ts";
import { HEADER_BYTES } from "./bars-file.ts";
import { commitSeries, type CommittedSeries } from "./commit.ts";
import { describeSymbol } from "./describe-symbol.ts";
import { withCatalogLock } from "./lock.ts";

const OPEN = at("2024-03-05T14:30:00Z");
const minute = (index: number, bar: Partial<TestBar> = {}): TestBar => ({ start: OPEN + index * MINUTE_MS, ...bar });

async function commit(market: Market, bars: readonly TestBar[], symbol = "TEST"): Promise<CommittedSeries | undefined> {
  const series = { symbol, timeframe: "1Min", columns: columnsOf(bars), source: "a test" };
  const [committed] = await commitSeries(market.directory, [series], { lockWaitMs: 0 });
  market.refresh();
  return committed;
}

const openEmpty = async (): Promise<Market> =>
  openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });

async function viewOf(market: Market, symbol: string, from: Instant): Promise<LoadedMarket> {
  const loaded = await market.load({ symbols: [symbol], from, until: from });
  if (isRefusal(loaded)) throw new Error(loaded.message);
  return loaded;
}

async function barsFiles(market: Market): Promise<string[]> {
  const names = await readdir(join(market.directory, "bars"), { recursive: true });
  return names.filter((name) => name.endsWith(".bars")).map((name) => join(market.directory, "bars", name));
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe("the catalog", () => {
  it("keeps bars as they are, across years and without the optional figures", async () => {
    const market = await openEmpty();
    const bars = [
      {
        start: at("2023-12-29T20:59:00Z"),
        open: 1.25,
        high: 1.5,
        low: 1.125,
        close: 1.375,
        volume: 0.5,
        vwap: 1.2,
        trades: 3,
      },
      { start: at("2024-01-02T14:30:00Z"), volume: 0 },
    ];
    expect(await commit(market, bars)).toMatchObject({ added: 2, entry: { years: [{ year: 2023 }, { year: 2024 }] } });
    const view = await viewOf(market, "TEST", at("2023-12-02T00:00:00Z"));
    expect(view.firstBar("TEST", instant(0), { kind: "any" })).toEqual({
      ...bars[0],
      end: at("2023-12-29T21:00:00Z"),
      isDay: false,
    });
    expect(market.describe()).toMatchObject([
      {
        symbol: "TEST",
        timeframe: "1Min",
        rows: 2,
        from: bars[0]?.start,
        to: at("2024-01-02T14:31:00Z"),
        isSynthetic: false,
      },
    ]);
  });

  it("puts a year's file where New York is in that year", async () => {
    const market = await openEmpty();
    const result = await commit(market, [{ start: at("2024-01-01T04:59:00Z") }, { start: at("2024-01-01T05:00:00Z") }]);
    expect(result?.entry.years.map(({ year }) => year)).toEqual([2023, 2024]);
  });

  it("merges what overlaps, and leaves no file behind that nothing names", async () => {
    const market = await openEmpty();
    await commit(market, [minute(1), minute(2), minute(5)]);
    expect(await commit(market, [minute(0), minute(2), minute(3), minute(6)])).toMatchObject({
      added: 3,
      completed: 0,
    });
    expect(market.describe()).toMatchObject([{ rows: 6, from: OPEN }]);
    expect(await barsFiles(market)).toHaveLength(1);
  });

  it("changes nothing where it has every bar already", async () => {
    const market = await openEmpty();
    await commit(market, [minute(0), minute(1)]);
    const before = [market.generation(), await readFile(join(market.directory, "manifest.json"), "utf8")];
    expect(await commit(market, [minute(1)])).toMatchObject({ added: 0, completed: 0 });
    expect([market.generation(), await readFile(join(market.directory, "manifest.json"), "utf8")]).toEqual(before);
  });

  it("completes bars that had no vwap or no count of trades", async () => {
    const market = await openEmpty();
    await commit(market, [minute(0), minute(1, { trades: 5 })]);
    expect(await commit(market, [minute(0, { vwap: 100, trades: 7 }), minute(1)])).toMatchObject({
      added: 0,
      completed: 1,
    });
    const view = await viewOf(market, "TEST", OPEN);
    expect(view.barAt("TEST", OPEN)).toMatchObject({ vwap: 100, trades: 7 });
    expect(view.barAt("TEST", instant(OPEN + MINUTE_MS))).toMatchObject({ vwap: undefined, trades: 5 });
  });

  it("refuses bars that contradict it, names the first, and keeps what it had", async () => {
    const market = await openEmpty();
    await commit(market, [minute(0), minute(1), minute(2)]);
    const hash = market.describe()[0]?.hash;
    await expect(commit(market, [minute(-1), minute(1, { high: 101 }), minute(2, { high: 102 })])).rejects.toThrow(
      /TEST at 2024-03-05T14:31:00Z: high is 100 in the catalog and 101 in the file/,
    );
    expect(market.describe()).toMatchObject([{ rows: 3, hash }]);
    expect(await barsFiles(market)).toHaveLength(1);
  });

  it("gives equal hashes to equal bars, however they came in", async () => {
    const [one, other] = [await openEmpty(), await openEmpty()];
    await commit(one, [minute(0), minute(1), minute(2)]);
    await commit(other, [minute(2)]);
    await commit(other, [minute(0), minute(1)]);
    expect(one.describe()[0]?.hash).toBe(other.describe()[0]?.hash);
  });

  it("lets one writer in at a time, and says which file is locked", async () => {
    const market = await openEmpty();
    await commit(market, [minute(0)]);
    await withCatalogLock(market.directory, 0, async () => {
      await expect(commit(market, [minute(1)])).rejects.toThrow(/catalog\.lock is locked/);
      expect(await codeOf(commit(market, [minute(1)]))).toBe("data_directory_locked");
    });
    expect(await commit(market, [minute(1)])).toMatchObject({ added: 1 });
  });

  const EARLIER: [number, object][] = [
    [1, { tables: undefined, isAdjusted: undefined, days: undefined }],
    [2, { days: undefined }],
  ];
  it.each(EARLIER)("opens a manifest of version %s, in which there was less", async (version, without) => {
    const market = await openEmpty();
    await commit(market, [minute(0), { start: at("2023-12-29T20:59:00Z") }].toReversed());
    const path = join(market.directory, "manifest.json");
    const text = JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), version }, (name, value: unknown) =>
      name in without ? undefined : value,
    );
    await writeFile(path, text);
    const reopened = await openMarket({ dataDir: join(market.directory, ".."), sample: false });
    expect(reopened.describe()).toMatchObject([{ symbol: "TEST", rows: 2, isAdjusted: false, days: undefined }]);
    expect(reopened.corporateActions("TEST")).toEqual([]);
    const days = { present: 2, partial: 2, missing: 43 };
    expect(await describeSymbol(reopened, "TEST")).toMatchObject({ series: [{ days, wantingDays: { length: 45 } }] });
    // Days are known once every year's file has been written anew.
    await commit(reopened, [minute(1)]);
    expect(reopened.describe()).toMatchObject([{ rows: 3, days: undefined }]);
    await commit(reopened, [{ start: at("2023-12-29T20:58:00Z") }]);
    expect(reopened.describe()).toMatchObject([{ rows: 4, days }]);
  });

  it("counts the days of a pair neither as present nor as missing", async () => {
    const market = await openEmpty();
    await commit(market, [minute(0), minute(5 * 1440)], "BTC/USD");
    expect(market.describe()).toMatchObject([{ symbol: "BTC/USD", days: undefined }]);
  });

  it("shows a reader what another has written, also bars that replace a file it knows", async () => {
    const dataDir = await temporaryDirectory(onTestFinished);
    const [writer, reader] = [
      await openMarket({ dataDir, sample: false }),
      await openMarket({ dataDir, sample: false }),
    ];
    expect(reader.hasSymbol("TEST")).toBe(false);
    await commit(writer, [minute(0)]);
    expect(reader.hasSymbol("TEST")).toBe(true);
    const generation = reader.generation();
    // The reader has not read the file yet when it is replaced; what it then opens is gone.
    await commit(writer, [minute(1)]);
    const view = await viewOf(reader, "TEST", OPEN);
    expect(view.barAt("TEST", instant(OPEN + MINUTE_MS))).toBeDefined();
    expect(view.generation).toBe(generation + 1);
  });
});

describe("a damaged catalog", () => {
  const damages: [string, (path: string) => Promise<void>][] = [
    ["a file that is cut off", (path) => truncate(path, HEADER_BYTES + 10)],
    ["a file with hardly a header", (path) => truncate(path, 20)],
    ["another kind of file", (path) => writeFile(path, Buffer.alloc(HEADER_BYTES + 64))],
    ["a header of which one bit fell over", (path) => flipByte(path, 9)],
    ["a bar of which one bit fell over", (path) => flipByte(path, HEADER_BYTES + 20)],
  ];

  async function flipByte(path: string, position: number): Promise<void> {
    const bytes = await readFile(path);
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }

  it.each(damages)("names %s and loads nothing of it", async (_, damage) => {
    const market = await openEmpty();
    await commit(market, [minute(0)]);
    const [path = ""] = await barsFiles(market);
    await damage(path);
    const failure = await viewOf(market, "TEST", OPEN).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "data_directory_damaged", message: expect.stringContaining(path) });
    expect(await codeOf(commit(market, [minute(1)]))).toBe("data_directory_damaged");
  });

  it("names a file that is gone", async () => {
    const market = await openEmpty();
    await commit(market, [minute(0)]);
    const [path = ""] = await barsFiles(market);
    await rm(path);
    const failure = await viewOf(market, "TEST", OPEN).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "data_directory_damaged", message: expect.stringContaining(path) });
  });

  it.each([
    ["{", "data_directory_damaged"],
    ["[]", "data_directory_foreign"],
    ['{"format":"other"}', "data_directory_foreign"],
    ['{"format":"tapedeck-catalog","version":4}', "data_directory_newer"],
    ['{"format":"tapedeck-catalog","version":1,"revision":1,"series":[{}]}', "data_directory_damaged"],
    ['{"format":"tapedeck-catalog","version":1,"revision":-1,"series":[]}', "data_directory_damaged"],
    [
      '{"format":"tapedeck-catalog","version":1,"revision":1,"series":[{"symbol":"../A","timeframe":"1Min","source":"","years":[]}]}',
      "data_directory_damaged",
    ],
    [
      '{"format":"tapedeck-catalog","version":2,"revision":1,"series":[{"symbol":"A","timeframe":"1Min","source":"","isAdjusted":1,"years":[]}]}',
      "data_directory_damaged",
    ],
    ['{"format":"tapedeck-catalog","version":2,"revision":1,"series":[],"tables":[]}', "data_directory_damaged"],
    [
      `{"format":"tapedeck-catalog","version":3,"revision":1,"series":[{"symbol":"A","timeframe":"1Min","source":"","years":[{"year":2024,"hash":"${"0".repeat(64)}","from":1,"to":2,"monthRows":[0,0,0,0,0,0,0,0,0,0,0,0],"days":{"present":1}}]}]}`,
      "data_directory_damaged",
    ],
    [
      '{"format":"tapedeck-catalog","version":2,"revision":1,"series":[],"tables":{"assets":"../x"}}',
      "data_directory_damaged",
    ],
    [
      `{"format":"tapedeck-catalog","version":2,"revision":1,"series":[],"tables":{"others":"${"0".repeat(64)}"}}`,
      "data_directory_damaged",
    ],
  ])("refuses the manifest %s as %s", async (text, code) => {
    const market = await openEmpty();
    await commit(market, [minute(0)]);
    await writeFile(join(market.directory, "manifest.json"), text);
    expect(await codeOf(openMarket({ dataDir: join(market.directory, "..") }))).toBe(code);
  });
});
