/** (g) Importing a day's flat file of minutes, all of it down to synced files, beside unpacking it and splitting it into lines. */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip, gzipSync } from "node:zlib";
import { importFile, openMarket } from "#dist/market/index.js";
import { median, type Measurement } from "./measure.js";
import { runFresh } from "./processes.js";

const TICKERS = 200;
/** 04:00 to 20:00 in New York. */
const MINUTES = 960;
const FROM_MS = Date.UTC(2024, 2, 5, 9);
const ROWS = TICKERS * MINUTES;
/** Fresh processes of each kind, alternating; in each the second of two runs counts. */
const RUNS = 5;

export function measureImportFlatFile(): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const path = join(directory, "2024-03-05.csv.gz");
  try {
    writeFileSync(path, gzipSync(flatFile()));
    const times = { import: [] as number[], split: [] as number[] };
    for (let run = 0; run < RUNS; run += 1) {
      for (const kind of ["split", "import"] as const) {
        times[kind].push(Number(runFresh("./import-flat-file-worker.js", [kind, path, directory])));
      }
    }
    const [importMs, splitMs] = [median(times.import), median(times.split)];
    const speed = (ms: number): string => `${Math.round(ROWS / ms).toLocaleString("en-US")},000 rows/s`;
    return Promise.resolve({
      name: "importing a flat file of minutes, share of the speed of splitting it into lines",
      detail: `${TICKERS} tickers × ${MINUTES} minutes: import ${importMs.toFixed(0)} ms (${speed(importMs)}), gunzip and node:readline ${splitMs.toFixed(0)} ms (${speed(splitMs)})`,
      value: splitMs / importMs,
      limit: { kind: "at least", value: 0.25 },
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As Polygon has it, with prices that walk and volumes that vary. */
function flatFile(): string {
  let seed = 12_345;
  const draw = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const lines = ["ticker,volume,open,close,high,low,window_start,transactions"];
  for (let ticker = 0; ticker < TICKERS; ticker += 1) {
    let price = 20 + 300 * draw();
    for (let minute = 0; minute < MINUTES; minute += 1) {
      const open = price;
      price = Math.max(1, price + (draw() - 0.5) / 5);
      const [high, low] = [Math.max(open, price) + draw() / 20, Math.min(open, price) - draw() / 20];
      const figures = [open, price, high, low].map((figure) => figure.toFixed(4));
      const volume = 1 + Math.floor(draw() * draw() * 40_000);
      const start = `${FROM_MS + minute * 60_000}000000`;
      lines.push(`T${ticker},${volume},${figures.join(",")},${start},${1 + Math.floor(draw() * 300)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Milliseconds. */
export async function timeImport(path: string, directory: string): Promise<number> {
  const dataDir = mkdtempSync(join(directory, "data-"));
  const market = await openMarket({ dataDir, sample: false });
  const start = performance.now();
  const { rowsAccepted } = await importFile({ market, path });
  const ms = performance.now() - start;
  if (rowsAccepted !== ROWS) throw new Error(`${rowsAccepted} rows were taken`);
  return ms;
}

/** Milliseconds. */
export async function timeSplit(path: string): Promise<number> {
  const start = performance.now();
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (line !== "") lines += 1;
  }
  const ms = performance.now() - start;
  if (lines !== ROWS + 1) throw new Error(`${lines} lines were read`);
  return ms;
}
