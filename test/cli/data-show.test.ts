/** `tapedeck data show`: one symbol with its series, its days, its asset and its corporate actions. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlace, type Place } from "./run-cli.ts";

let place: Place;
beforeEach(() => {
  place = createPlace();
});
afterEach(() => place.clear());

const inDirectory = (...words: readonly string[]): readonly string[] => ["data", ...words, "--data-dir", place.dataDir];

async function importBars(symbol: string, timeframe: string, starts: readonly string[]): Promise<void> {
  const rows = starts.map((start) => `${start},10,11,9,10,1000`);
  writeFileSync(join(place.path, "bars.csv"), ["timestamp,open,high,low,close,volume", ...rows, ""].join("\n"));
  await place.runJson(inDirectory("import", "bars.csv", "--symbol", symbol, "--timeframe", timeframe));
}

const ACTIONS = [
  "symbol,ex_date,type,old_rate,new_rate,cash_per_share,record_date,pay_date",
  "ZZZ,2024-03-01,cash_dividend,,,0.24,2024-03-04,2024-03-15",
  "ZZZ,2024-06-10,split,1,4,,,",
  "OLD,2023-05-01,delisting,,,,,",
  "",
].join("\n");

describe("tapedeck data show", () => {
  it("shows series, files, unwhole days, asset and corporate actions", async () => {
    await importBars("ZZZ", "1Hour", ["2024-03-05T15:00:00Z", "2024-03-05T16:00:00Z", "2024-03-07T15:00:00Z"]);
    await importBars("ZZZ", "1Day", ["2023-12-29", "2024-01-02"]);
    writeFileSync(join(place.path, "actions.csv"), ACTIONS);
    await place.runJson(inDirectory("import-actions", "actions.csv"));
    writeFileSync(join(place.path, "assets.csv"), "symbol,name,exchange,shortable\nZZZ,Zed Inc.,NYSE,false\n");
    await place.runJson(inDirectory("import-assets", "assets.csv"));

    const { code, stdout } = await place.run(inDirectory("show", "zzz"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ZZZ\n +id +[0-9a-f-]{36}\n +name +Zed Inc\.\n +exchange +NYSE\n +class +us_equity\n/);
    expect(stdout).toMatch(/^ +shortable +no\n +easy_to_borrow +no\n +marginable +yes\n +leverage +1$/m);
    expect(stdout).toMatch(/^ +1Hour +2024-03-05T15:00:00Z +2024-03-07T16:00:00Z +3 +2 +2 +1 +bars\.csv \(csv\)$/m);
    expect(stdout).toMatch(/^ +1Day +2023-12-29T14:30:00Z +2024-01-02T21:00:00Z +2 +2 +0 +0 +bars\.csv \(csv\)$/m);
    expect(stdout).toMatch(/^ +1Day +2023 +1 +[0-9a-f]{64}\n +1Day +2024 +1 +[0-9a-f]{64}$/m);
    expect(stdout).toMatch(
      /^Partial and missing days of 1Hour: 3\n.*\n +2024-03-05 +partial +2\n +2024-03-06 +missing +0\n +2024-03-07 +partial +1$/m,
    );
    expect(stdout).toMatch(/^ +2024-03-01 +cash_dividend +\$0\.24 a share, paid 2024-03-15 +2024-03-04 +2024-03-15$/m);
    expect(stdout).toMatch(/^ +2024-06-10 +split +4 for 1$/m);

    expect(await place.runJson(inDirectory("show", "ZZZ"))).toMatchObject({
      symbol: "ZZZ",
      asset: { class: "us_equity", name: "Zed Inc.", shortable: false, leverage: 1 },
      series: [
        {
          timeframe: "1Hour",
          days: { present: 2, partial: 2, missing: 1 },
          years: [{ year: 2024, rows: 3, days: { present: 2, partial: 2 } }],
          wantingDaysTotal: 3,
          damages: [],
        },
        { timeframe: "1Day", wantingDays: [] },
      ],
      actions: [
        { type: "cash_dividend", recordDate: "2024-03-04" },
        { type: "split", newRate: "4" },
      ],
    });
  });

  it("lists the first twenty days, and all with --all", async () => {
    await importBars("ZZZ", "1Day", ["2024-01-02", "2024-02-01"]);
    const { stdout } = await place.run(inDirectory("show", "ZZZ"));
    expect(stdout.match(/ missing +0$/gm)).toHaveLength(20);
    expect(stdout).toContain("Partial and missing days of 1Day: 20\n");
    await importBars("ZZZ", "1Day", ["2024-02-05"]);
    expect((await place.run(inDirectory("show", "ZZZ"))).stdout).toMatch(/… and 1 more day; --all lists them$/m);
    const listed = async (...words: string[]): Promise<unknown> => place.runJson(inDirectory("show", "ZZZ", ...words));
    expect(await listed()).toMatchObject({ series: [{ wantingDays: { length: 20 }, wantingDaysTotal: 21 }] });
    expect(await listed("--all")).toMatchObject({ series: [{ wantingDays: { length: 21 }, wantingDaysTotal: 21 }] });
  });

  it("shows the sample, a pair, and a symbol with corporate actions alone", async () => {
    expect((await place.run(inDirectory("show", "AAPL"))).stdout).toMatch(/ 271 +0 +0 +synthetic +built-in sample$/m);
    await importBars("BTC/USD", "1Min", ["2024-03-09T15:00:00Z", "2024-03-12T15:00:00Z"]);
    expect(await place.runJson(inDirectory("show", "BTC/USD"))).toMatchObject({
      asset: { class: "crypto" },
      series: [{ days: null, wantingDaysTotal: 0 }],
    });
    writeFileSync(join(place.path, "actions.csv"), ACTIONS);
    await place.runJson(inDirectory("import-actions", "actions.csv"));
    expect((await place.run(inDirectory("show", "OLD"))).stdout).toMatch(
      /^OLD\n {2}There are no bars of it\.\n\nCorporate actions\n/,
    );
  });

  it("ends with 5 for a symbol of which there is nothing", async () => {
    const { code, stdout, stderr } = await place.run(inDirectory("show", "NOPE"));
    expect({ code, stdout, stderr }).toEqual({
      code: 5,
      stdout: "",
      stderr: 'tapedeck (bad_argument): symbol: "NOPE" is not in the catalog; `tapedeck data list` shows what is\n',
    });
    expect((await place.run(inDirectory("show", "AAPL", "--no-sample"))).code).toBe(5);
  });
});
