/** The examples run as they are. */
import { execFile, execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { read } from "../support/repository.ts";
import { createPlace, serve, type Place, type Running } from "./run-cli.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

function has(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

let place: Place;
let server: Running & { readonly url: string };
beforeAll(async () => {
  place = createPlace();
  server = await serve(place);
});
afterAll(async () => {
  server.kill("SIGTERM");
  await server.outcome;
  place.clear();
});

async function output(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, args, { cwd: ROOT, env: { ...process.env, TAPEDECK_URL: server.url } });
  return stdout;
}

describe.skipIf(!has("curl") || !has("jq"))("what there is to copy (curl or jq is absent)", () => {
  it("in the guide ends with a position", async () => {
    const blocks = [...read("docs/guide/getting-started.md").matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(
      ([, block = ""]) => block,
    );
    const steps = blocks.filter((block) => block.includes("curl -s"));
    expect(steps).toHaveLength(3);
    const text = await output("sh", "-euc", steps.join("\n").replaceAll("http://localhost:5000", server.url));
    expect(text).toMatch(/"status":"accepted"[\s\S]*"isCompleted":false[\s\S]*"qty":"10"/);
  });

  it("in the greeting of a server ends with a position", async () => {
    const [, lines = ""] = await server.seen(/with the development key:\n\n([\s\S]*positions)\n/);
    const text = await output("sh", "-euc", lines);
    expect(text).toMatch(/"status":"accepted"[\s\S]*"isCompleted":false[\s\S]*"qty":"10"/);
  });
});

describe("the examples", () => {
  it.skipIf(!has("curl"))("place a first trade with curl (curl is absent)", async () => {
    const text = await output("sh", "examples/curl/first-trade.sh");
    expect(text).toMatch(/"status": "accepted"/);
    expect(text).toMatch(/"currentTime": "2023-01-03T09:31:00Z"/);
    expect(text).toMatch(/"qty": "10"/);
  });

  it.skipIf(!has("curl"))("do so without jq (curl is absent)", async () => {
    const path = join(place.path, "tools");
    await run("mkdir", ["-p", path]);
    for (const tool of ["sh", "curl", "node"]) {
      const { stdout } = await run("sh", ["-c", `command -v ${tool}`]);
      await run("ln", ["-s", tool === "node" ? process.execPath : stdout.trim(), join(path, tool)]);
    }
    const { stdout } = await run(join(path, "sh"), ["examples/curl/first-trade.sh"], {
      cwd: ROOT,
      env: { PATH: path, TAPEDECK_URL: server.url },
    });
    expect(stdout).toMatch(/qty: '10'/);
  });

  it.skipIf(!has("python3"))("step through a week in Python (python3 is absent)", async () => {
    const lines = (await output("python3", "examples/python/daily_steps.py")).trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^2023-01-03T21:00:00Z {2}10 AAPL at \d+(\.\d+)?, now \d+(\.\d+)?, profit -?\d+(\.\d+)?$/);
    expect(lines[5]).toMatch(/^equity \d+(\.\d+)?$/);
  });

  it("compile and buy dips in TypeScript", async () => {
    await output(
      process.execPath,
      "node_modules/typescript/bin/tsc",
      "-p",
      "examples/typescript",
      "--outDir",
      place.path,
    );
    expect(readdirSync(place.path)).toContain("buy-the-dip.js");
    const lines = (await output(process.execPath, join(place.path, "buy-the-dip.js"))).trimEnd().split("\n");
    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatch(/^2023-01-03 {2}.* % {2}nothing$/);
    expect(lines[20]).toMatch(/^equity \d+(\.\d+)?$/);
  });
});

describe("the same bot", () => {
  const SPAN = ["--from", "2023-01-03T14:30:00Z", "--to", "2023-01-03T15:50:00Z"];

  async function trades(command: readonly string[], env = {}, options: readonly string[] = []): Promise<string[]> {
    const words = ["run", "--data-dir", place.dataDir, ...SPAN, ...options, "--", ...command];
    const { code, stdout, stderr } = await place.run(words, env);
    expect([code, stderr]).toEqual([0, ""]);
    return stdout.split("\n").filter((line) => /^(buy|sell|Equity) /.test(line));
  }
  const bot = (name: string): string => join(ROOT, "examples/bots", name);

  it("makes the same trades with either version of the JavaScript SDK, and with curl", async () => {
    const listening = await trades(["node", bot("breakout-v3.mjs")], { ALPACA_SDK: "alpaca-trade-api-v3" });
    const asking = await trades(["node", bot("breakout-v4.mjs")], { ALPACA_SDK: "alpaca-trade-api-v4" });
    expect(listening.length).toBeGreaterThan(6);
    expect(asking).toEqual(listening);
    if (!has("curl") || !has("jq")) return;
    expect(await trades(["sh", bot("breakout.sh")], {}, ["--clock", "bot"])).toEqual(listening);
  });
});
