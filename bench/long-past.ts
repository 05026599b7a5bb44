/** (i) A session of a million commands: opened after a crash, proven, forked; each beside the way that it must beat. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Forking, Opening, Verifying } from "./long-past-worker.js";
import { median, type Measurement } from "./measure.js";

/** The limits are for a million; fewer are for a quick look. */
const COMMANDS = Number(process.env["TAPEDECK_BENCH_COMMANDS"] ?? 1_000_000);
const FEW_COMMANDS = 1000;

/** Crashes and openings, alternating. */
const OPENINGS = 3;

export function measureLongPast(): Promise<readonly Measurement[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  try {
    const [long = "", short = ""] = crash("build", dataDir, [String(COMMANDS), String(FEW_COMMANDS)]) as string[];
    return Promise.resolve([openings(dataDir, long), proof(dataDir, long), forks(dataDir, long, short)]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const count = COMMANDS.toLocaleString("en-US");

function openings(dataDir: string, id: string): Measurement {
  const opened = { with: [] as Opening[], without: [] as Opening[] };
  for (let run = 0; run < OPENINGS; run += 1) {
    for (const has of ["with", "without"] as const) opened[has].push(crash("open", dataDir, [id, has]) as Opening);
  }
  const [aided, unaided] = [opened.with, opened.without].map((each) => median(each.map(({ ms }) => ms)));
  const first = Object.entries(opened.with.at(-1)?.first ?? {}).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`);
  return {
    name: `opening ${count} commands after a crash, times faster with snapshots`,
    detail: `with ${(aided ?? 0).toFixed(0)} ms, without ${(unaided ?? 0).toFixed(0)} ms; then the first ${first.join(", ")}`,
    value: (unaided ?? 0) / (aided ?? 1),
    limit: { kind: "at least", value: 20 },
  };
}

function proof(dataDir: string, id: string): Measurement {
  const { verifyMs, bareMs } = crash("verify", dataDir, [id]) as Verifying;
  return {
    name: `verifying ${count} commands, times reading and parsing their journal`,
    detail: `verify ${(verifyMs / 1000).toFixed(1)} s, every row read and parsed ${(bareMs / 1000).toFixed(1)} s`,
    value: verifyMs / bareMs,
    limit: { kind: "below", value: 5 },
  };
}

function forks(dataDir: string, ...ids: readonly string[]): Measurement {
  const { longMs, shortMs } = crash("fork", dataDir, ids) as Forking;
  return {
    name: `forking ${count} commands at their middle, times forking ${FEW_COMMANDS.toLocaleString("en-US")}`,
    detail: `${longMs.toFixed(1)} ms and ${shortMs.toFixed(1)} ms, down to the synced fork, opened; medians, alternating`,
    value: longMs / shortMs,
    limit: { kind: "below", value: 2 },
  };
}

/** A step in a process that ends by SIGKILL; what it has told before. */
function crash(step: string, dataDir: string, args: readonly string[]): unknown {
  const path = fileURLToPath(new URL("./long-past-worker.js", import.meta.url));
  const { signal, stdout, stderr } = spawnSync(process.execPath, [path, step, dataDir, ...args], { encoding: "utf8" });
  if (signal !== "SIGKILL") throw new Error(`${step} failed: ${stderr}`);
  return JSON.parse(stdout) as unknown;
}
