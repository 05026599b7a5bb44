/** (c) What an idle session costs in memory beyond what all of them share. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Measurement } from "./measure.js";
import { openBench, openSession } from "./sessions-in-process.js";

const SESSIONS = 1000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function usedBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

export async function measureIdleSessions(): Promise<Measurement> {
  const bench = await openBench();
  try {
    const kept = [await openSession(bench.registry, 1)];
    const before = usedBytes();
    for (let count = 0; count < SESSIONS; count += 1) kept.push(await openSession(bench.registry, 1));
    const each = (usedBytes() - before) / SESSIONS / 1024;
    return {
      name: "memory of an idle session, KB",
      detail: `${kept.length - 1} sessions, each with an account and an open order, journal in memory included`,
      value: each,
      limit: { kind: "below", value: 50 },
    };
  } finally {
    await bench.close();
  }
}
