/** (d) From starting the process on an empty data directory, with the sample, to the first answers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Measurement } from "./measure.js";
import { BIN, startNode } from "./processes.js";

const RUNS = 5;

export async function measureFirstAnswer(): Promise<Measurement> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
    const start = performance.now();
    const server = await startNode([BIN, "serve", "--port", "0", "--data-dir", dataDir]);
    const response = await fetch(`${server.url}/health`);
    await response.text();
    times.push((performance.now() - start) / 1000);
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return {
    name: "start to first answer, seconds",
    detail: `median of ${RUNS} starts on an empty data directory, sample included`,
    value: median(times),
    limit: { kind: "below", value: 2 },
  };
}
