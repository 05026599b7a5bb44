/** Runs the real command line in a process of its own, away from the settings and data of whoever runs the tests. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  /** Working directory, home and the place for data; removed by `clear`, which also ends what still runs. */
  readonly path: string;
  readonly dataDir: string;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
  /** Runs with --json and gives the document; the exit code must be 0. */
  readonly runJson: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<unknown>;
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running;
  readonly clear: () => void;
}

export interface Running {
  readonly pid: number;
  /** Resolves once standard output matches; rejects if the process ends before. */
  readonly seen: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Reads no further, as `head` does. */
  readonly closeOutput: () => void;
  readonly outcome: Promise<Outcome>;
}

export function createPlace(): Place {
  const path = mkdtempSync(join(tmpdir(), "tapedeck-cli-"));
  const started: Running[] = [];
  const start: Place["start"] = (args, env = {}) => {
    const running = startProcess(path, args, env);
    started.push(running);
    return running;
  };
  const run: Place["run"] = (args, env) => start(args, env).outcome;
  return {
    path,
    dataDir: join(path, "data"),
    run,
    runJson: async (args, env) => {
      const { code, stdout, stderr } = await run([...args, "--json"], env);
      if (code !== 0) throw new Error(`tapedeck ${args.join(" ")} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
    start,
    clear: () => {
      // A test that failed has left its server running; to one that has ended this does nothing.
      for (const running of started) running.kill("SIGKILL");
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The part of this process's environment that a child needs; nothing of Tapedeck's or Alpaca's. */
function environment(home: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: home, XDG_DATA_HOME: join(home, "share"), NO_COLOR: "1" };
}

function startProcess(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...environment(cwd), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  const seen = async (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(stdout);
        if (match !== null) resolve(match);
      };
      look();
      child.stdout.on("data", look);
      outcome.then(() => reject(new Error(`ended before ${String(pattern)}:\n${stdout}${stderr}`)), reject);
    });
  return {
    pid: child.pid ?? 0,
    seen,
    kill: (signal) => child.kill(signal),
    closeOutput: () => child.stdout.destroy(),
    outcome,
  };
}

/** Starts a server on a free port and gives its address. */
export async function serve(place: Place, ...args: readonly string[]): Promise<Running & { readonly url: string }> {
  const running = place.start(["serve", "--port", "0", "--data-dir", place.dataDir, ...args]);
  const [, url = ""] = await running.seen(/listens on (http:\/\/\S+)\n/);
  return { ...running, url };
}
