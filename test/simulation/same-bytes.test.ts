/** Same bytes: another process, another time zone and another language give the same events. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { textOf } from "./auditor/compare.ts";
import { play } from "./run.ts";
import { workloadOf } from "./workload.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SESSIONS = 20;

/** Set in the processes that this test starts. */
const IS_CHILD = process.env["TAPEDECK_FINGERPRINT"] !== undefined;

const PLACES = [
  { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
  { TZ: "America/Los_Angeles", LANG: "C", LC_ALL: "C" },
] as const;

function fingerprint(): string {
  const hash = createHash("sha256");
  for (let seed = 1; seed <= SESSIONS; seed += 1) {
    for (const event of play(workloadOf(seed, { commands: 40 })).events) hash.update(textOf(event));
  }
  return hash.digest("hex");
}

/** What a process that lives elsewhere prints. */
function fingerprintAt(place: (typeof PLACES)[number]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "test/simulation/same-bytes.test.ts", "--disable-console-intercept"],
      { cwd: ROOT, env: { ...process.env, ...place, TAPEDECK_FINGERPRINT: "1" } },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", reject);
    child.once("close", () => {
      resolve(/fingerprint ([0-9a-f]{64})/.exec(output)?.[1] ?? output);
    });
  });
}

it("the events of twenty sessions have one fingerprint wherever they are played", { timeout: 60_000 }, async () => {
  const own = fingerprint();
  if (IS_CHILD) {
    console.log(`fingerprint ${own}`);
    return;
  }
  for (const place of PLACES) expect(await fingerprintAt(place)).toBe(own);
});
