/** Rows come out of the staging as they went in, however little memory it has and however the files are cut. */
import fc from "fast-check";
import { readdir } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { MINUTE_MS } from "../../kernel/index.ts";
import { at, temporaryDirectory } from "../market-fixture.ts";
import { parseTimeframe } from "../timeframe.ts";
import { RowStaging, type StagedAs } from "./row-staging.ts";
import { emptyRow } from "./settle-rows.ts";

const timeframe = parseTimeframe("1Min");
if (timeframe === undefined) throw new Error("The grammar has it.");
const AS: StagedAs = { timeframe, isAdjusted: undefined, shiftMs: 0 };
const FROM = at("2022-12-30T00:00:00Z");

const aRow = fc.record({
  symbol: fc.constantFrom("A", "B", "C"),
  minute: fc.nat(10_000),
  open: fc.integer({ min: 1 }),
});
const aFile = fc.record({
  rows: fc.array(aRow, { maxLength: 40 }),
  isKnown: fc.boolean(),
  shiftMs: fc.constantFrom(0, -MINUTE_MS),
});

interface Came {
  readonly start: number;
  readonly open: number;
  readonly place: number;
}

describe("staged rows", () => {
  it("are all there, in the order in which they came, with the starts shifted as their file says", async () => {
    const directory = await temporaryDirectory(onTestFinished);
    await fc.assert(
      fc.asyncProperty(fc.array(aFile, { maxLength: 6 }), fc.constantFrom(1, 2000, 1e9), async (files, bytesMax) => {
        const staging = new RowStaging(directory, bytesMax);
        const wanted = new Map<string, Came[]>();
        const row = emptyRow();
        let place = 0;
        for (const { rows, isKnown, shiftMs } of files) {
          const as = { ...AS, shiftMs };
          staging.beginFile(isKnown ? as : undefined);
          for (const { symbol, minute, open } of rows) {
            place += 1;
            Object.assign(row, { symbol, start: FROM + minute * MINUTE_MS, open });
            staging.add(row, place);
            wanted.set(symbol, [...(wanted.get(symbol) ?? []), { start: row.start + shiftMs, open, place }]);
            if (staging.isFull) await staging.spill();
          }
          if (!isKnown) staging.endFile(as);
        }
        const got = new Map<string, Came[]>();
        for await (const { symbol, rows } of staging.years()) {
          for (let index = 0; index < rows.rows; index += 1) {
            rows.read(index, row);
            const came = { start: row.start, open: row.open, place: rows.lineOf(index) };
            got.set(symbol, [...(got.get(symbol) ?? []), came]);
          }
        }
        await staging.close();
        for (const list of [...wanted.values(), ...got.values()]) list.sort((a, b) => a.place - b.place);
        expect(got).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
    expect(await readdir(directory)).toEqual([]);
  });
});
