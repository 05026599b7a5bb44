/** (e) An SMA 10/30 crossover on the engine in process, against the same logic over bare arrays; first runs, fresh processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Measurement } from "./measure.js";
import { runFresh } from "./processes.js";
import { importWalks, type Task } from "./sma-market.js";

/** Fresh processes of each kind, alternating. */
const RUNS = 5;

const TASKS = [
  { task: "minutes", name: "SMA crossover over 100,000 minutes of one symbol, share of a bare loop's speed" },
  { task: "days", name: "SMA crossover over 500 symbols × 252 days, share of a bare loop's speed" },
] as const;

interface Run {
  readonly ms: number;
  readonly bars: number;
  readonly trades: number;
  readonly checksum: number;
}

export async function measureSmaCrossover(): Promise<readonly Measurement[]> {
  const measured: Measurement[] = [];
  for (const { task, name } of TASKS) {
    const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
    try {
      await importWalks(task, dataDir);
      measured.push({ name, ...compareRuns(task, dataDir) });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
  return measured;
}

function compareRuns(task: Task, dataDir: string): Omit<Measurement, "name"> {
  const bare: Run[] = [];
  const engine: Run[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    bare.push(runOnce("bare", task, dataDir));
    engine.push(runOnce("engine", task, dataDir));
  }
  const sums = new Set([...bare, ...engine].map(({ checksum }) => checksum));
  if (sums.size !== 1) throw new Error(`${task}: the engine and the bare loop disagree about the equity`);
  const [bareMs, engineMs] = [median(bare.map(({ ms }) => ms)), median(engine.map(({ ms }) => ms))];
  const { bars = 0, trades = 0 } = bare[0] ?? {};
  const speed = (ms: number): string => `${Math.round(bars / ms).toLocaleString("en-US")},000 bars/s`;
  return {
    detail: `engine ${engineMs.toFixed(0)} ms (${speed(engineMs)}), bare loop ${bareMs.toFixed(1)} ms (${speed(bareMs)}), ${trades} fills, equal equity at every step`,
    value: bareMs / engineMs,
    limit: { kind: "at least", value: 0.15 },
  };
}

const runOnce = (kind: string, task: Task, dataDir: string): Run =>
  JSON.parse(runFresh("./sma-worker.js", [kind, task, dataDir], ["--expose-gc"])) as Run;
