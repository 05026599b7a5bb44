/** Child processes that say where they listen, pinned to one CPU where the machine can. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const BIN = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));

export const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

export interface Child {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts node with these arguments; resolves with the first URL that it prints. */
export function startNode(args: readonly string[]): Promise<Child> {
  const [command, ...rest] = canPin ? ["taskset", "-c", "0", process.execPath, ...args] : [process.execPath, ...args];
  const child = spawn(command ?? process.execPath, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const url = /http:\/\/[\w.[\]:]+:\d+/.exec(output)?.[0];
      if (url === undefined) return;
      resolve({
        url,
        stop: () => {
          child.kill("SIGTERM");
          return ended;
        },
      });
    });
    child.once("exit", (code) => {
      reject(new Error(`${args.join(" ")} ended with ${code} before it listened: ${output}`));
    });
  });
}

/** Runs a module of this folder in a process of its own, with whatever CPUs there are, and returns what it prints. */
export function runFresh(module: string, args: readonly string[], flags: readonly string[] = []): string {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const result = spawnSync(process.execPath, [...flags, path, ...args], { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${module} failed: ${result.stderr}`);
  return result.stdout;
}

/** Runs a module of this folder with the given arguments, pinned, and returns what it prints. */
export function runPinned(module: string, args: readonly string[]): string {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const [command, ...rest] = canPin
    ? ["taskset", "-c", "0", process.execPath, path, ...args]
    : [process.execPath, path, ...args];
  const result = spawnSync(command ?? process.execPath, rest, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${module} failed: ${result.stderr}`);
  return result.stdout;
}
