/** Python's SDKs: a virtual environment with what a requirements file pins, made once, and drivers that run in it. */
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { lastWords, type Tool } from "./tool.ts";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The environment; and a few wheels of some ten megabytes, with one or two packages that are built. */
const [CREATE_MS, INSTALL_MS] = [30_000, 100_000];

/** For a hook that waits for an environment. */
export const PYTHON_MS = CREATE_MS + INSTALL_MS + 10_000;

/** A program of this folder. */
export const scriptPath = (name: string): string => join(HERE, name);

/** The interpreter of an environment of this requirements file; a changed file, or another Python, makes another. */
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

/** Made under another name, so that what was left half done is never taken for an environment; the first one stays. */
async function makeEnvironment(directory: string, requirements: string): Promise<void> {
  const unfinished = `${directory}-${randomUUID()}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await run("python3", ["-m", "venv", unfinished], { timeout: CREATE_MS });
    const options = ["--quiet", "--no-deps", "--disable-pip-version-check", "--no-input", "--retries", "1"];
    const command = ["-m", "pip", "install", ...options, "--timeout", "20", "-r", requirements];
    await run(join(unfinished, "bin", "python"), command, { timeout: INSTALL_MS });
    renameSync(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
