/** `tapedeck data`: corporate actions and assets get in, beside a running server and one another, and are listed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlace, type Place } from "./run-cli.ts";

let place: Place;
beforeEach(() => {
  place = createPlace();
});
afterEach(() => place.clear());

const HEADER = "symbol,ex_date,type,old_rate,new_rate,cash_per_share,pay_date,new_symbol";
const ACTIONS = [
  "ABC,2023-06-01,split,1,7,,,",
  "ABC,2023-08-11,cash_dividend,,,0.24,2023-08-17,",
  "FB,2022-06-09,symbol_change,,,,,META",
  "OLD,2023-05-01,delisting,,,,,",
  "TWTR,2022-10-28,merger,,,54.2,,",
];

function write(name: string, rows: readonly string[]): string {
  writeFileSync(join(place.path, name), `${[HEADER, ...rows].join("\n")}\n`);
  return name;
}

const inDirectory = (...words: readonly string[]): readonly string[] => ["data", ...words, "--data-dir", place.dataDir];

async function listed(...words: readonly string[]): Promise<readonly Record<string, string>[]> {
  const document = await place.runJson(inDirectory("actions", ...words));
  return (document as { actions: Record<string, string>[] }).actions;
}

describe("tapedeck data import-actions", () => {
  it("reports what it took, and each refused line with its reason", async () => {
    const bad = ["ABC,2023-06-31,split,1,2,,,", "ABC,2023-06-01,split,1,2,,,", "ABC,2023-06-01,split,1,7,,,"];
    const { code, stdout, stderr } = await place.run(
      inDirectory("import-actions", write("actions.csv", [...ACTIONS, ...bad])),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("actions.csv: 8 rows read, 5 taken, 2 refused, 1 repeated\n  5 new, 0 changed\n");
    expect(stdout).toMatch(/^ +7 +bad_date +ex_date: got "2023-06-31"/m);
    expect(stdout).toMatch(/^ +8 +contradiction +ABC 2023-06-01 split: line 2 /m);
    const again = await place.run(inDirectory("import-actions", write("actions.csv", ACTIONS)));
    expect(again.stdout).toContain("5 rows read, 5 taken, 0 refused\n  Nothing new");
  });

  it("reports as a document", async () => {
    const document = await place.runJson(inDirectory("import-actions", write("actions.csv", [...ACTIONS, "x"])));
    expect(document).toMatchObject({
      path: "actions.csv",
      rowsRead: 6,
      rowsAccepted: 5,
      rowsAdded: 5,
      rowsReplaced: 0,
      isUnchanged: false,
      refused: [{ line: 7, reason: "wrong_field_count" }],
    });
  });

  it("ends with 1 for a file that is not there, and for one without a good row", async () => {
    expect(await place.run(inDirectory("import-actions", "gone.csv"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tapedeck \(import_failed\): gone\.csv could not be read/),
    });
    const { code, stderr } = await place.run(inDirectory("import-actions", write("bad.csv", ["a,b,c,d,e,f,g,h"])));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("refused: bad_symbol (1)") });
  });

  it("of several at once takes turns, and readers always find a whole table", async () => {
    const symbols = ["A", "B", "C"];
    await place.runJson(inDirectory("import-actions", write("actions.csv", ACTIONS)));
    const files = symbols.map((symbol) => write(`${symbol}.csv`, [`${symbol},2023-06-01,split,1,2,,,`]));
    const imports = files.map((file) => place.run(inDirectory("import-actions", file)));
    const readers = [1, 2].map(() => place.run(inDirectory("actions")));
    for (const { code, stderr } of await Promise.all([...imports, ...readers])) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    }
    const found = new Set((await listed()).map(({ symbol }) => symbol));
    expect([...found]).toEqual(["A", "ABC", "B", "C", "FB", "OLD", "TWTR"]);
  });

  it("that is killed has taken all of its file or nothing", async () => {
    await place.runJson(inDirectory("import-actions", write("first.csv", ["FIRST,2023-06-01,split,1,2,,,"])));
    const rows = Array.from({ length: 20_000 }, (_, index) => `S${index},2023-06-01,split,1,2,,,`);
    const file = write("many.csv", rows);
    const started = performance.now();
    await place.runJson(["data", "import-actions", file, "--data-dir", join(place.path, "other")]);
    const wholeMs = performance.now() - started;
    const seen: number[] = [];
    for (const share of [0.5, 0.7, 0.8, 0.9, 1]) {
      const running = place.start(inDirectory("import-actions", file));
      const timer = setTimeout(() => running.kill("SIGKILL"), wholeMs * share);
      await running.outcome;
      clearTimeout(timer);
      seen.push((await listed()).length);
    }
    expect(seen.filter((count) => count !== 1 && count !== 1 + rows.length)).toEqual([]);
    await place.runJson(inDirectory("import-actions", file));
    expect(await listed()).toHaveLength(1 + rows.length);
  });
});

describe("tapedeck data actions", () => {
  it("lists all of them, or those of one symbol", async () => {
    await place.run(inDirectory("import-actions", write("actions.csv", ACTIONS)));
    const { stdout } = await place.run(inDirectory("actions"));
    expect(stdout.trimEnd().split("\n")).toEqual([
      "SYMBOL  EX-DATE     TYPE           WHAT",
      "ABC     2023-06-01  split          7 for 1",
      "ABC     2023-08-11  cash_dividend  $0.24 a share, paid 2023-08-17",
      "FB      2022-06-09  symbol_change  now META",
      "OLD     2023-05-01  delisting      at the last price",
      "TWTR    2022-10-28  merger         for $54.2 a share",
    ]);
    expect(await listed("abc")).toEqual([
      { symbol: "ABC", exDate: "2023-06-01", type: "split", oldRate: "1", newRate: "7" },
      { symbol: "ABC", exDate: "2023-08-11", type: "cash_dividend", cashPerShare: "0.24", payDate: "2023-08-17" },
    ]);
  });

  it("says how to get some where there are none", async () => {
    const { code, stdout } = await place.run(inDirectory("actions", "AAPL"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^There are no corporate actions of AAPL in .*: tapedeck data import-actions FILE\n$/);
    expect(await listed()).toEqual([]);
  });
});

describe("tapedeck data import-assets", () => {
  it("reports what it took, and each refused line with its reason", async () => {
    writeFileSync(join(place.path, "assets.csv"), "symbol,name,leverage\nAAPL,Apple,1\nX,,9\n");
    const { code, stdout } = await place.run(inDirectory("import-assets", "assets.csv"));
    expect(code).toBe(0);
    expect(stdout).toContain("assets.csv: 2 rows read, 1 taken, 1 refused\n  1 new, 0 changed\n");
    expect(stdout).toMatch(/^ +3 +bad_leverage +leverage: got "9", wanted 1, 2 or 3$/m);
  });
});
