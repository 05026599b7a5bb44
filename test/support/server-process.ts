/** A real server in its own process, on a free port and a data directory of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** What it has printed so far, on both streams. */
  readonly output: () => string;
  /** Sends a signal and waits for the end; the exit code, or null if the signal ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

export interface ServerOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  /** Put before node, for example `["taskset", "-c", "0"]`. */
  readonly prefix?: readonly string[];
  readonly nodeArgs?: readonly string[];
}

/** Resolves once the server says where it listens. */
export function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { dataDir, args = [], prefix = [], nodeArgs = [] } = options;
  const [command = process.execPath, ...rest] = [
    ...prefix,
    process.execPath,
    ...nodeArgs,
    BIN,
    "serve",
    "--port",
    "0",
    "--data-dir",
    dataDir,
    ...args,
  ];
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  track(child);
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      // Not any address: one that is refused names that of the server which is there already.
      const url = /listens on (https?:\/\/[\w.[\]:]+:\d+)/.exec(output)?.[1];
      if (url !== undefined)
        resolve({ url, pid: child.pid ?? 0, output: () => output, end: (signal) => endOf(child, signal) });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      reject(new Error(`the server ended with ${code} before it listened:\n${output}`));
    });
  });
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("exit", (code) => {
      resolve(code);
    });
    child.kill(signal);
  });
}

/** Servers whose test has not ended them: a test that failed leaves none behind, not even one that is stopped. */
const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

function track(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}
