#!/usr/bin/env node
/**
 * Everything short of the tests: format, lint, types, the repository's own rules, dead code. Run by `npm run check`.
 * A tool that exits 0 having looked at nothing passes; so each step also says how much it saw, and too little fails.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A type-aware lint takes seconds, but has been seen to hang; then the plain one must do. */
const TYPE_AWARE_MS_MAX = 120_000;
const STEP_MS_MAX = 300_000;

const FOLDERS = ["src", "dashboard", "test", "bench", "scripts", "bin"];
const code = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => `${folder}/${String(name)}`)
    .filter((path) => /\.[jt]sx?$/.test(path)),
);
const typescript = code.filter((path) => /\.tsx?$/.test(path));
const compiled = typescript.filter((path) => path.startsWith("src/") && !/(?:\.test|-fixture)\.ts$/.test(path));

/** Runs a tool from node_modules and resolves with what it said; a run that takes too long is ended, children included. */
function run(tool, args, limitMs = STEP_MS_MAX) {
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, "node_modules/.bin", tool), args, {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      process.kill(-child.pid, "SIGKILL");
    }, limitMs);
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ isGood: false, isLate, output: String(error) });
    });
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ isGood: status === 0, isLate, output: output.replaceAll(/\u001B\[[\d;]*m/g, "") });
    });
  });
}

const numberIn = (output, pattern) => Number(pattern.exec(output)?.[1] ?? 0);

async function lint() {
  const typeAware = await run("oxlint", ["--type-aware"], TYPE_AWARE_MS_MAX);
  const result = typeAware.isLate ? await run("oxlint", []) : typeAware;
  if (typeAware.isLate)
    console.log(`lint: the type-aware run took more than ${TYPE_AWARE_MS_MAX / 1000} s; this is the plain one`);
  return { ...result, saw: numberIn(result.output, /on (\d+) files? with/) };
}

async function build() {
  const result = await run("tsc", ["-b"]);
  const emitted = compiled.filter((path) =>
    existsSync(join(ROOT, path.replace(/^src/, "dist").replace(/\.ts$/, ".js"))),
  );
  return { ...result, saw: emitted.length };
}

async function types() {
  const [house, page] = await Promise.all(
    ["tsconfig.test.json", "dashboard"].map((project) => run("tsc", ["-p", project, "--listFiles"])),
  );
  const lines = `${house.output}\n${page.output}`.split("\n");
  const listed = new Set(lines.filter((line) => line.startsWith("/")));
  const output = lines.filter((line) => !listed.has(line)).join("\n");
  const isGood = house.isGood && page.isGood;
  return { isGood, output, saw: typescript.filter((path) => listed.has(join(ROOT, path))).length };
}

async function tidy() {
  const result = await run("vitest", ["run", "test/tidy.test.ts"]);
  return { ...result, saw: numberIn(result.output, /^(\d+) passed, \d+ failed/m) };
}

async function deadCode() {
  const result = await run("knip", ["--no-progress", "--performance-fn", "getImportsAndExports"]);
  return { ...result, saw: numberIn(result.output, /^getImportsAndExports\s+(\d+)/m) };
}

async function format() {
  const result = await run("oxfmt", ["--check"]);
  return { ...result, saw: numberIn(result.output, /on (\d+) files/) };
}

/** How many assertions about the repository there are at least. */
const TIDY_TESTS_MIN = [...readFileSync(join(ROOT, "test/tidy.test.ts"), "utf8").matchAll(/^\s+it[.(]/gm)].length;

const STEPS = [
  { name: "format", unit: "files", wanted: code.length - 1, step: format },
  { name: "build", unit: "compiled files", wanted: compiled.length, step: build },
  { name: "lint", unit: "files", wanted: code.length - 1, step: lint },
  { name: "types", unit: "files", wanted: typescript.length, step: types },
  { name: "tidy", unit: "tests", wanted: TIDY_TESTS_MIN, step: tidy },
  { name: "dead code", unit: "files", wanted: compiled.length, step: deadCode },
];

let failed = 0;
for (const { name, unit, wanted, step } of STEPS) {
  const { isGood, output, saw } = await step();
  const hasSeenEnough = wanted > 0 && saw >= wanted;
  if (!isGood || !hasSeenEnough) failed += 1;
  if (!isGood) console.log(output.trimEnd());
  const verdict = isGood ? (hasSeenEnough ? "ok" : `FAILED: saw too little, at least ${wanted} wanted`) : "FAILED";
  console.log(`${name}: ${saw} ${unit}, ${verdict}`);
}
console.log(`${STEPS.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
