/** The engine against the auditor: seeded random sessions, every event compared. A failure prints its seed and a small case. */
import { expect, it } from "vitest";
import { describeDifference } from "./auditor/compare.ts";
import { judge, type Verdict } from "./run.ts";
import { describeWorkload, shrunk } from "./shrink.ts";
import { sizedWorkloadOf, type Workload } from "./workload.ts";

const FIXED_SEEDS = 40;
/** Seconds of fresh seeds; `npm run simulate -- --minutes N` sets it. */
const SECONDS = Number(process.env["TAPEDECK_SIMULATION_SECONDS"] ?? 30);
const TELL_EVERY_MS = 30_000;
const SEED = process.env["TAPEDECK_SIMULATION_SEED"];
/** The first of the fresh seeds; without it chance decides. */
const FROM = process.env["TAPEDECK_SIMULATION_FROM"];

/** What is wrong with a run, or undefined. A broken invariant of the engine is as wrong as a difference. */
function complaintOf(workload: Workload): string | undefined {
  let verdict: Verdict;
  try {
    verdict = judge(workload);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { difference, world } = verdict;
  if (difference !== undefined) return describeDifference(difference, world);
  return world.findings.length === 0 ? undefined : world.findings.join("\n");
}

function check(seed: number): void {
  const workload = sizedWorkloadOf(seed);
  if (complaintOf(workload) === undefined) return;
  const small = shrunk(workload, (smaller) => complaintOf(smaller) !== undefined);
  const message = `the engine and the auditor differ:\n${complaintOf(small)}\n${describeWorkload(small)}`;
  expect.fail(`${message}\nagain: npm run simulate -- --seed ${seed}`);
}

it("agrees with the auditor on the fixed seeds, or on the one that was asked for", { timeout: 600_000 }, () => {
  const fixed = Array.from({ length: FIXED_SEEDS }, (_, index) => index + 1);
  for (const seed of SEED === undefined ? fixed : [Number(SEED)]) check(seed);
});

it.skipIf(SEED !== undefined)("agrees with the auditor on fresh seeds", { timeout: SECONDS * 1000 + 60_000 }, () => {
  const first = FROM === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(FROM);
  console.log(`fresh seeds from ${first}, for ${SECONDS} s`);
  const from = performance.now();
  let told = from;
  let seed = first;
  for (; performance.now() - from < SECONDS * 1000; seed += 1) {
    check(seed);
    if (performance.now() - told < TELL_EVERY_MS) continue;
    told = performance.now();
    console.log(`${seed - first + 1} sessions, up to seed ${seed}`);
  }
  const perSecond = (seed - first) / ((performance.now() - from) / 1000);
  console.log(`${seed - first} sessions, seeds ${first} to ${seed - 1}, ${perSecond.toFixed(1)} a second`);
});
