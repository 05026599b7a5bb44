import { describe, expect, it } from "vitest";
import type { CivilDate, Instant } from "../../kernel/index.ts";
import type { ImportReport } from "../../market/index.ts";
import { importText } from "./import-text.ts";

const seriesOf = (change: Partial<ImportReport["series"][number]>): ImportReport["series"][number] => ({
  symbol: "SPY",
  timeframe: "1Min",
  rows: 1,
  added: 1,
  completed: 0,
  isAdjusted: false,
  daysKept: [],
  daysReplaced: [],
  ...change,
});

const date = (text: string): CivilDate => text as CivilDate;

const REPORT: ImportReport = {
  path: "bars.csv",
  format: "csv",
  timeframe: "1Min",
  bytes: 100,
  files: 1,
  skipped: [],
  rowsRead: 1200,
  rowsAccepted: 1200,
  rowsRefused: 0,
  rowsOfOtherSymbols: 0,
  rowsAdded: 1200,
  rowsCompleted: 0,
  isUnchanged: false,
  series: [seriesOf({ symbol: "SPY", rows: 1200, added: 1200 })],
  actions: { read: 0, added: 0, replaced: 0 },
  sampleReplaced: [],
  refused: [],
  reasons: [],
  warnings: { counts: [], findings: [] },
};

const refusedRow = (line: number): ImportReport["refused"][number] => ({
  line,
  reason: "bad_price",
  message: "open: got 0",
});

describe("the report of an import", () => {
  it("is short where all went well", () => {
    expect(importText(REPORT).split("\n")).toEqual([
      "bars.csv: 1,200 rows read (csv, 1Min), 1,200 taken, 0 refused",
      "  SYMBOL  BARS   ROWS    NEW  COMPLETED",
      "  SPY     1Min  1,200  1,200          0",
    ]);
  });

  it("says which bars of the sample gave way, and how many rows were of other symbols", () => {
    const text = importText({ ...REPORT, sampleReplaced: ["AAPL", "SPY"], rowsOfOtherSymbols: 3 });
    expect(text).toContain("0 refused, 3 of other symbols\n");
    expect(text).toContain("in the place of the built-in sample's: AAPL, SPY");
  });

  it("shows the first refused lines, and counts all of them", () => {
    const refused = Array.from({ length: 100 }, (_, index) => refusedRow(index + 2));
    const reasons = [
      { reason: "bad_price", rows: 2000 },
      { reason: "duplicate", rows: 1 },
    ] as const;
    const lines = importText({ ...REPORT, rowsRefused: 2001, refused, reasons }).split("\n");
    expect(lines.filter((line) => line.includes("open: got 0"))).toHaveLength(10);
    expect(lines.at(-1)).toBe("  In all: bad_price 2,000, duplicate 1; the first 10 are shown, more with --json");
  });

  it("names twenty symbols of a file of many", () => {
    const series = Array.from({ length: 25 }, (_, index) => seriesOf({ symbol: `S${index}` }));
    const lines = importText({ ...REPORT, series }).split("\n");
    expect(lines).toHaveLength(1 + 1 + 20 + 1);
    expect(lines.at(-1)).toBe("  … and 5 more symbols");
  });

  it("shows what is worth a look among the bars that were taken", () => {
    const found = { check: "suspicious_print", severity: "warning" } as const;
    const at = Date.UTC(2024, 2, 5, 14, 30) as Instant;
    const finding = { ...found, symbol: "SPY", timeframe: "1Min", at, row: 7, message: "low: got 1" };
    const counts = [{ ...found, count: 1200 }];
    const lines = importText({ ...REPORT, warnings: { counts, findings: [finding] } }).split("\n");
    expect(lines.at(-3)).toBe("  Worth a look: suspicious_print 1,200; `tapedeck data verify` shows all");
    expect(lines.at(-1)).toBe("  SPY     1Min  suspicious_print  2024-03-05T14:30:00Z  low: got 1");
  });

  it("says how many files a folder had, which were passed over, and what came of contradictions", () => {
    const text = importText({
      ...REPORT,
      files: 3,
      skipped: [{ path: "data/notes.txt", why: "no known format" }],
      series: [seriesOf({ daysKept: [date("2024-03-05")], daysReplaced: [date("2024-03-06"), date("2024-03-07")] })],
      actions: { read: 5, added: 4, replaced: 1 },
    });
    expect(text).toContain("bars.csv: 3 files, 1,200 rows read");
    expect(text).toContain("  Passed over: data/notes.txt (no known format)");
    expect(text).toContain("  SPY 1Min: 1 day contradicts the catalog and stays as it was: 2024-03-05");
    expect(text).toContain(
      "  SPY 1Min: 2 days contradicted the catalog and are as in the file now: 2024-03-06, 2024-03-07",
    );
    expect(text).toContain("  Corporate actions: 5 read, 4 new, 1 replaced");
  });
});
