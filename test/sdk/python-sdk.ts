/** Python's SDKs: a virtual environment with what a requirements file pins, made once, and drivers that run in it. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** A few wheels of some ten megabytes, and one or two packages that are built. */
const INSTALL_MS = 240_000;

/** The interpreter of an environment, or why there is none. */
export type Tool = { readonly command: string } | { readonly missing: string };

/** A program of this folder. */
export const scriptPath = (name: string): string => join(HERE, name);

/** An environment of this requirements file and interpreter; a changed file makes another. */
export async function pythonWith(requirements: string): Promise<Tool> {
  const file = join(HERE, requirements);
  try {
    const { stdout: version } = await run("python3", ["--version"]);
    const name = createHash("sha256").update(version).update(readFileSync(file)).digest("hex").slice(0, 12);
    const directory = join(cacheDirectory(), name);
    if (!existsSync(directory)) await makeEnvironment(directory, file);
    return { command: join(directory, "bin", "python") };
  } catch (error) {
    return { missing: `${requirements} could not be installed: ${lastWords(error)}` };
  }
}

/** Beside the modules; elsewhere where these are of another checkout, or cannot be written to. */
function cacheDirectory(): string {
  try {
    accessSync(MODULES, constants.W_OK);
    if (!lstatSync(MODULES).isSymbolicLink()) return join(MODULES, ".cache", "tapedeck-sdk-venv");
  } catch {
    // As if it were not there.
  }
  return join(tmpdir(), `tapedeck-sdk-venv-${process.getuid?.() ?? "user"}`);
}

/** Made under another name, so that what was left half done is never taken for an environment. */
async function makeEnvironment(directory: string, requirements: string): Promise<void> {
  const unfinished = `${directory}-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await run("python3", ["-m", "venv", unfinished], { timeout: INSTALL_MS });
    const options = ["--quiet", "--no-deps", "--disable-pip-version-check", "--no-input", "--retries", "1"];
    const command = ["-m", "pip", "install", ...options, "--timeout", "20", "-r", requirements];
    await run(join(unfinished, "bin", "python"), command, { timeout: INSTALL_MS });
    renameSync(unfinished, directory);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The last line of what a program said when it failed. */
function lastWords(error: unknown): string {
  const { stderr = "", stdout = "" } = error as { readonly stderr?: string; readonly stdout?: string };
  const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1);
  return said === undefined || said === "" ? String(error) : said;
}
