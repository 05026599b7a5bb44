#!/usr/bin/env node
/**
 * Packs the package, installs it in an empty folder as a user would, starts it there and asks whether it is well.
 * Run by `npm run smoke` after a build; needs the registry, or npm's cache, for the dependencies.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;

const folder = mkdtempSync(join(tmpdir(), "tapedeck-smoke-"));
const home = join(folder, "home");
const steps = { passed: 0, failed: 0 };

const npm = (args, cwd) => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** Runs one step; later steps need earlier ones, so the first failure ends the run. */
async function step(name, act) {
  try {
    const value = await act();
    steps.passed += 1;
    console.log(`ok: ${name}`);
    return value;
  } catch (error) {
    steps.failed += 1;
    console.log(`FAILED: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
}

function pack() {
  const [packed] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], ROOT));
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** The built dashboard. */
const PAGE = {
  "the dashboard's page": /^dist\/dashboard\/index\.html$/,
  "its script": /^dist\/dashboard\/assets\/.*\.js$/,
  "its stylesheet": /^dist\/dashboard\/assets\/.*\.css\.br$/,
};

/** What a user needs is in the package, and what only developers need is not. */
function checkContents(files) {
  const wanted = ["bin/tapedeck.js", "dist/cli/main.js", "README.md", "LICENSE", "CHANGELOG.md", "package.json"];
  const missing = wanted.filter((path) => !files.includes(path));
  for (const [name, pattern] of Object.entries(PAGE)) if (!files.some((path) => pattern.test(path))) missing.push(name);
  const surplus = files.filter((path) =>
    /\.test\.|-fixture\.|\.tsbuildinfo$|^(?:src|test|bench|dist\/bench|scripts)\//.test(path),
  );
  if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
  if (surplus.length > 0) throw new Error(`not for users: ${surplus.slice(0, 5).join(", ")} (${surplus.length} files)`);
}

function install(tarball) {
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), '{"private": true}\n');
  npm(["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball], home);
  if (!readdirSync(join(home, "node_modules/.bin")).includes("tapedeck")) throw new Error("no command named tapedeck");
}

/** Resolves with the address once the server says where it listens. */
function start() {
  const args = ["serve", "--port", "0", "--data-dir", join(folder, "data")];
  const child = spawn(join(home, "node_modules/.bin/tapedeck"), args, { cwd: home, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no address after ${START_MS_MAX / 1000} s:\n${output}`));
    }, START_MS_MAX);
    const look = (chunk) => {
      output += chunk;
      const url = /https?:\/\/[\w.[\]:]+:\d+/.exec(output)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve({ child, url });
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`it ended with ${code}:\n${output}`));
    });
  });
}

async function askHealth(url) {
  const answer = await fetch(`${url}/health`);
  const body = await answer.json();
  if (answer.status !== 200 || body.status !== "healthy") throw new Error(`${answer.status} ${JSON.stringify(body)}`);
}

/** The page, and the script that it names. */
async function askPage(url) {
  const page = await (await fetch(`${url}/s/any`)).text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
  const answer = await fetch(`${url}${script}`);
  // Read to its end: a client that leaves an answer standing holds up the server's stop.
  const { byteLength } = await answer.arrayBuffer();
  if (answer.status !== 200 || byteLength === 0) throw new Error(`${script}: ${answer.status}, ${byteLength} bytes`);
}

/** Ends the server by its process id, as a service manager would. */
function stop(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`it still ran ${STOP_MS_MAX / 1000} s after SIGTERM`));
    }, STOP_MS_MAX);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(undefined);
      else reject(new Error(`it ended with ${code ?? signal}`));
    });
    child.kill("SIGTERM");
  });
}

let server;
try {
  const { tarball, files } = await step("npm pack makes a tarball", pack);
  await step("the tarball holds what a user needs, and no more", () => {
    checkContents(files);
  });
  await step("it installs in an empty folder, without scripts", () => {
    install(tarball);
  });
  server = await step("the installed command serves", start);
  await step("the server is healthy", () => askHealth(server.url));
  await step("it serves the dashboard", () => askPage(server.url));
  await step("it stops when it is told to", () => stop(server.child));
} catch {
  server?.child.kill("SIGKILL");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${steps.passed} passed, ${steps.failed} failed`);
process.exitCode = steps.failed === 0 ? 0 : 1;
