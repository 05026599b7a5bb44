/** (f) What a list of a large catalog costs beside the least that it could: reading the manifest and parsing its JSON. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMarket } from "#dist/market/index.js";
import { timeMs, type Measurement } from "./measure.js";

const SYMBOLS = 5000;
const YEARS = [2021, 2022, 2023];
const RUNS = 9;

export async function measureCatalogList(): Promise<Measurement> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const path = join(dataDir, "market", "manifest.json");
  try {
    mkdirSync(join(dataDir, "market"));
    writeFileSync(path, manifestText());
    const parseMs = await timeMs(RUNS, () => JSON.parse(readFileSync(path, "utf8")) as unknown);
    const listMs = await timeMs(RUNS, async () => {
      const { length } = (await openMarket({ dataDir })).describe();
      if (length < SYMBOLS) throw new Error(`the list has ${length} series`);
    });
    return {
      name: "listing a catalog, times reading its manifest",
      detail: `${SYMBOLS} symbols × ${YEARS.length} years: ${listMs.toFixed(0)} ms, its JSON alone ${parseMs.toFixed(0)} ms`,
      value: listMs / parseMs,
      limit: { kind: "below", value: 5 },
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** As an import of so many symbols leaves it. */
function manifestText(): string {
  const series = Array.from({ length: SYMBOLS }, (_, index) => ({
    symbol: `S${index}`,
    timeframe: "1Min",
    source: "several files",
    isAdjusted: false,
    years: YEARS.map((year) => yearOf(index, year)),
  })).toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return `${JSON.stringify({ format: "tapedeck-catalog", version: 3, revision: 1, series, tables: {} }, undefined, 1)}\n`;
}

function yearOf(index: number, year: number): object {
  return {
    year,
    hash: createHash("sha256").update(`${index} ${year}`).digest("hex"),
    from: Date.UTC(year, 0, 4, 14, 30),
    to: Date.UTC(year, 11, 30, 21),
    monthRows: Array.from({ length: 12 }, (_, month) => 7800 + ((index + month) % 400)),
    days: { present: 252, partial: index % 3 },
  };
}
