/** (h) A symbol's year of minutes from disk into checked columns, beside reading as many bytes. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMonths } from "#dist/market/catalog/bars-file.js";
import { readManifest } from "#dist/market/catalog/manifest.js";
import { importFile, openMarket } from "#dist/market/index.js";
import { median, type Measurement } from "./measure.js";

const ROWS = 100_000;
const RUNS = 21;
const FROM_MS = Date.UTC(2023, 0, 1, 6);

export async function measureSymbolYear(): Promise<Measurement> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  try {
    const file = await storeYear(dataDir);
    const times = { columns: [] as number[], raw: [] as number[] };
    // The first look of each is the one without warm code; it is among those that the median is taken of.
    for (let run = 0; run < RUNS; run += 1) {
      times.raw.push(await timed(() => readFile(file.path)));
      times.columns.push(await timed(() => readMonths(file, file.months)));
    }
    const [columnsMs, rawMs] = [median(times.columns), median(times.raw)];
    return {
      name: "a symbol's year from disk into columns, times reading its bytes",
      detail: `${ROWS} bars: ${columnsMs.toFixed(1)} ms with every block held against its hash (the first ${(times.columns[0] ?? 0).toFixed(1)} ms), bytes alone ${rawMs.toFixed(1)} ms (${(times.raw[0] ?? 0).toFixed(1)} ms)`,
      value: columnsMs / rawMs,
      limit: { kind: "below", value: 5 },
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface StoredYear {
  readonly path: string;
  readonly hash: string;
  readonly months: readonly number[];
}

/** Around the clock, so that so many minutes fit into the months of one year. */
async function storeYear(dataDir: string): Promise<StoredYear> {
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const price = 100 + (index % 977) / 100;
    const time = new Date(FROM_MS + index * 5 * 60_000).toISOString();
    return `${time},${price},${price + 1},${price - 1},${price},${index % 5000}`;
  });
  const path = join(dataDir, "bars.csv");
  writeFileSync(path, `timestamp,open,high,low,close,volume\n${rows.join("\n")}\n`);
  const market = await openMarket({ dataDir, sample: false });
  await importFile({ market, path, symbol: "BTC/USD", timeframe: "5Min" });
  const [year] = readManifest(market.directory).series[0]?.years ?? [];
  const folder = join(market.directory, "bars", "B");
  const [name = ""] = readdirSync(folder);
  if (year === undefined) throw new Error("the year was not stored");
  return { path: join(folder, name), hash: year.hash, months: Array.from({ length: 12 }, (_, index) => index) };
}
