/** A directory that can lose its power: what was not synced is gone, syncs are counted, and it can be full or broken. */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { drawer } from "./draw.ts";

const SOURCE = fileURLToPath(new URL("unsynced.c", import.meta.url));

/** Numbers of 64 bits in the control file, in this order. */
const CONTROL = ["fsyncs", "fdatasyncs", "refusals", "room", "failsSyncs", "written", "isReadOnly"] as const;
type ControlName = (typeof CONTROL)[number];

/** Why there is no library, for the names of tests that need it; undefined where there is one. */
export const NO_LIBRARY = whyNoLibrary();

function whyNoLibrary(): string | undefined {
  if (process.platform !== "linux") return "LD_PRELOAD needs Linux";
  return spawnSync("cc", ["--version"]).status === 0 ? undefined : "there is no C compiler";
}

/** The end of a test's name: the reason for which it is skipped. */
export const needsLibrary = (sentence: string): string =>
  NO_LIBRARY === undefined ? sentence : `${sentence} (${NO_LIBRARY})`;

export interface LossyDisk {
  /** The directory to work in. */
  readonly path: string;
  /** What a power cut would leave of it; not there for a disk that only counts. */
  readonly shadow: string;
  /** To be put before a command: `env LD_PRELOAD=…`. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly read: (name: ControlName) => number;
  readonly set: (name: ControlName, value: number) => void;
  /** Syncs of files and directories since the disk was made. */
  readonly syncs: () => number;
  /** With every process on it ended: puts what a power cut leaves in the place of what is there. */
  readonly cutPower: (options?: PowerCut) => void;
  readonly remove: () => void;
}

export interface PowerCut {
  /** Chance decides of each page that was written and not synced whether it is there all the same. */
  readonly scatterSeed?: number;
}

export interface LossyDiskOptions {
  /** False: counts and faults alone, at next to no cost. Default: true. */
  readonly loses?: boolean;
}

export function openLossyDisk({ loses = true }: LossyDiskOptions = {}): LossyDisk {
  const base = mkdtempSync(join(tmpdir(), "tapedeck-lossy-"));
  const [path, shadow, controlPath] = [join(base, "disk"), join(base, "shadow"), join(base, "control")];
  mkdirSync(path, { mode: 0o700 });
  const control = openControl(controlPath);
  if (loses) seedShadow(path, shadow);
  const env = {
    LD_PRELOAD: builtLibrary(),
    UNSYNCED_WATCH: path,
    UNSYNCED_CONTROL: controlPath,
    // Rings of the kernel go past the C library; Node 20 uses none unless asked to.
    UV_USE_IO_URING: "0",
    ...(loses ? { UNSYNCED_SHADOW: shadow } : {}),
  };
  return {
    path,
    shadow: join(shadow, "files"),
    env,
    prefix: ["env", ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    ...control,
    syncs: () => control.read("fsyncs") + control.read("fdatasyncs"),
    cutPower: ({ scatterSeed } = {}) => {
      if (scatterSeed !== undefined) scatterPages({ path, shadow, seed: scatterSeed });
      rmSync(path, { recursive: true });
      renameSync(join(shadow, "files"), path);
      rmSync(shadow, { recursive: true });
      // A copy, so that the links into the store of the last disk are no links any more.
      cpSync(path, `${path}.copy`, { recursive: true });
      rmSync(path, { recursive: true });
      renameSync(`${path}.copy`, path);
      seedShadow(path, shadow);
    },
    remove: () => {
      rmSync(base, { recursive: true, force: true });
    },
  };
}

let library: string | undefined;

/** Once for each process that asks. */
function builtLibrary(): string {
  if (library !== undefined) return library;
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-unsynced-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  library = buildLibrary(folder);
  return library;
}

function buildLibrary(folder: string): string {
  const path = join(folder, "unsynced.so");
  const flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-Wno-format-truncation"];
  const built = spawnSync("cc", [...flags, "-o", path, SOURCE, "-ldl", "-lpthread"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`cc could not build ${SOURCE}:\n${built.stderr}`);
  return path;
}

function openControl(path: string): Pick<LossyDisk, "read" | "set"> {
  const bytes = Buffer.alloc(CONTROL.length * 8);
  bytes.writeBigInt64LE(-1n, CONTROL.indexOf("room") * 8);
  writeFileSync(path, bytes);
  return {
    read: (name) => Number(readFileSync(path).readBigInt64LE(CONTROL.indexOf(name) * 8)),
    set: (name, value) => {
      const word = Buffer.alloc(8);
      word.writeBigInt64LE(BigInt(value));
      const file = openSync(path, "r+");
      writeSync(file, word, 0, 8, CONTROL.indexOf(name) * 8);
      closeSync(file);
    },
  };
}

/** All that is there has been synced: a shadow begins with it. */
function seedShadow(path: string, shadow: string): void {
  mkdirSync(join(shadow, "inodes"), { recursive: true });
  mkdirSync(join(shadow, "files"));
  for (const file of filesIn(path)) {
    const stored = join(shadow, "inodes", String(statSync(file).ino));
    const name = join(shadow, "files", relative(path, file));
    cpSync(file, stored);
    mkdirSync(dirname(name), { recursive: true });
    linkSync(stored, name);
  }
}

const PAGE_BYTES = 4096;

/** Systems write back pages before they are asked to, in any order: of files that are the same on both sides. */
function scatterPages(disk: { readonly path: string; readonly shadow: string; readonly seed: number }): void {
  const draw = drawer(disk.seed);
  for (const name of filesIn(join(disk.shadow, "files"))) {
    const file = join(disk.path, relative(join(disk.shadow, "files"), name));
    if (!existsSync(file)) continue;
    const stored = join(disk.shadow, "inodes", String(statSync(file).ino));
    const isSame = existsSync(stored) && statSync(stored).ino === statSync(name).ino;
    if (isSame) scatterFile(readFileSync(file), name, draw);
  }
}

function scatterFile(written: Buffer, name: string, draw: (below: number) => number): void {
  const synced = readFileSync(name);
  const file = openSync(name, "r+");
  for (let at = 0; at < written.length; at += PAGE_BYTES) {
    const page = written.subarray(at, at + PAGE_BYTES);
    if (page.equals(synced.subarray(at, at + PAGE_BYTES)) || draw(2) === 0) continue;
    writeSync(file, page, 0, page.length, at);
  }
  closeSync(file);
}

const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => existsSync(file));
