#!/usr/bin/env node
/**
 * Random sessions, engine against auditor: `npm run simulate -- --minutes 10`, or one session: `-- --seed 123`.
 * It ends with 1 where the two differ, and prints the smallest case that it found and how to play it again.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const USAGE = `Plays random sessions on the engine and compares every event with the auditor's.

Usage: npm run simulate -- [--minutes N] [--seed N]

  --minutes N   fresh seeds for so long (default 1); the first seed and the rate are printed
  --seed N      that one session alone, as a failure names it
  --help        this page

Exit code: 0 where both agree, 1 where they differ, 2 for an argument that makes no sense.`;

/** A day is more than anybody waits for. */
const MINUTES_MAX = 1440;
const SEED_MAX = 2 ** 32 - 1;

function fail(message) {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: { minutes: { type: "string" }, seed: { type: "string" }, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

const values = readArguments();
if (values.help === true) {
  console.log(USAGE);
  process.exit(0);
}
if (values.minutes !== undefined && values.seed !== undefined)
  fail("--seed plays one session, so it takes no --minutes");
const minutes = Number(values.minutes ?? 1);
if (!(minutes > 0 && minutes <= MINUTES_MAX)) {
  fail(`--minutes takes a number above 0 and up to ${MINUTES_MAX}, got "${values.minutes}"`);
}
if (values.seed !== undefined && !(/^\d+$/.test(values.seed) && Number(values.seed) <= SEED_MAX)) {
  fail(`--seed takes a whole number from 0 to ${SEED_MAX}, got "${values.seed}"`);
}

const given =
  values.seed === undefined
    ? { TAPEDECK_SIMULATION_SECONDS: String(minutes * 60) }
    : { TAPEDECK_SIMULATION_SEED: values.seed };
const name = values.seed === undefined ? "fresh seeds" : "fixed seeds";
const child = spawn(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "test/simulation/simulation.test.ts",
    "--disable-console-intercept",
    "-t",
    name,
  ],
  { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...given } },
);
child.once("close", (status) => {
  process.exitCode = status === 0 ? 0 : 1;
});
