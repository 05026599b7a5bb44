/** The readers of docs/reference/data-layout.md, as they stand there, and a file of bars for them to read. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { importFile, openMarket } from "../../src/market/index.ts";
import { read } from "./repository.ts";

/** Times, opens, highs, lows, closes and volumes of two months; numbers that only their full digits tell. */
const BARS = [
  [Date.UTC(2024, 0, 2, 14, 30), 0.30000000000000004, 12, 0.1, 11, 100],
  [Date.UTC(2024, 0, 2, 14, 31), 11.25, 11.5, 8.125, 9, 1234567890],
  [Date.UTC(2024, 11, 31, 20, 59), 472.65, 473.0001, 472.1, 472.9, 0.5],
] as const;

const LANGUAGES = { python: { command: "python3", file: "reader.py" }, js: { command: "node", file: "reader.mjs" } };

/** What a reader of the page prints, and what it should. */
export async function readBack(language: keyof typeof LANGUAGES): Promise<{ got: number[][]; wanted: number[][] }> {
  const directory = await mkdtemp(join(tmpdir(), "tapedeck-layout-"));
  try {
    const bars = await storedBars(directory);
    const { command, file } = LANGUAGES[language];
    const program = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(
      read("docs/reference/data-layout.md"),
    );
    await writeFile(join(directory, file), program?.[1] ?? "");
    const { stdout } = await promisify(execFile)(command, [join(directory, file), bars]);
    const got = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    return { got, wanted: BARS.map((bar) => [...bar]) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function storedBars(directory: string): Promise<string> {
  const market = await openMarket({ dataDir: directory, sample: false });
  const rows = BARS.map(([start, ...figures]) => [new Date(start).toISOString(), ...figures].join());
  const path = join(directory, "SPY.csv");
  await writeFile(path, ["timestamp,open,high,low,close,volume", ...rows, ""].join("\n"));
  await importFile({ market, path, timeframe: "1Min" });
  const folder = join(market.directory, "bars", "S");
  const [name = ""] = await readdir(folder);
  return join(folder, name);
}
