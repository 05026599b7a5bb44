/** Durability by count: disks are noisy, so the syncs for what was acknowledged are counted, never timed. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type ServerProcess } from "../support/server-process.ts";
import { NO_LIBRARY, needsLibrary, openLossyDisk, type LossyDisk } from "./lossy-disk.ts";

const CLIENTS = fileURLToPath(new URL("load-clients.js", import.meta.url));

interface Load {
  readonly clients: number;
  /** Of each client, one after the other. */
  readonly commands: number;
  readonly kind: "order" | "advance";
}

/** Twice what entries wait at most for their place in the database. */
const TIDY_MS = 500;

/** Runs the clients; `onReady` is called when their sessions are there and before their first command. */
async function runLoad(load: Load & { readonly url: string }, onReady: () => void): Promise<number> {
  const child = spawn(process.execPath, [CLIENTS, JSON.stringify(load)], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output !== "ready\n") return;
    // What made the sessions is tidied up behind its answers.
    setTimeout(() => {
      onReady();
      child.stdin.write("go\n");
    }, TIDY_MS);
  });
  const code = await new Promise((resolve) => {
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`the clients ended with ${String(code)}:\n${output}`);
  return (JSON.parse(output.split("\n")[1] ?? "") as { acknowledged: number }).acknowledged;
}

describe.skipIf(NO_LIBRARY !== undefined)("what is acknowledged costs", () => {
  let disk: LossyDisk;
  let server: ServerProcess;

  beforeAll(async () => {
    disk = openLossyDisk({ loses: false });
    server = await startServer({ dataDir: disk.path, prefix: disk.prefix });
  });

  afterAll(async () => {
    await server.end("SIGTERM");
    disk.remove();
  });

  /** Syncs below the data directory for each acknowledged command of a load. */
  const syncsPerCommand = async (load: Load): Promise<number> => {
    let before = 0;
    const acknowledged = await runLoad({ url: server.url, ...load }, () => {
      before = disk.syncs();
    });
    const syncs = disk.syncs() - before;
    if (acknowledged !== load.clients * load.commands) throw new Error(`only ${acknowledged} were acknowledged`);
    console.log(`${load.clients} clients, ${load.kind}: ${syncs} syncs for ${acknowledged} commands`);
    return syncs / acknowledged;
  };

  it(needsLibrary("at most one sync for a command of one client"), async () => {
    const syncs = await syncsPerCommand({ clients: 1, commands: 100, kind: "order" });
    expect(syncs).toBeGreaterThan(0);
    expect(syncs).toBeLessThanOrEqual(1);
  });

  it(needsLibrary("at most one sync for a command of one client, whatever is tidied up meanwhile"), async () => {
    const syncs = await syncsPerCommand({ clients: 1, commands: 1000, kind: "order" });
    expect(syncs).toBeGreaterThan(0);
    expect(syncs).toBeLessThanOrEqual(1);
  });

  it(needsLibrary("at most a tenth of a sync for a command of one of 32 clients on 32 sessions"), async () => {
    const syncs = await syncsPerCommand({ clients: 32, commands: 100, kind: "order" });
    expect(syncs).toBeGreaterThan(0);
    expect(syncs).toBeLessThanOrEqual(0.1);
  });

  it(needsLibrary("no sync for a step in which nothing happens"), async () => {
    expect(await syncsPerCommand({ clients: 1, commands: 1000, kind: "advance" })).toBe(0);
  });

  it(needsLibrary("no sync for steps of many sessions at once"), async () => {
    expect(await syncsPerCommand({ clients: 8, commands: 200, kind: "advance" })).toBe(0);
  });
});
