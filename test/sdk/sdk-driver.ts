/** Programs in other languages that call an SDK's methods on a session, and say in lines of JSON what became of them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CompatRow } from "../compat/compat-table.ts";
import { openDesk } from "../support/api.ts";
import { importSplit } from "../support/split.ts";
import { FROM_OPEN, KEY, openLiveApi, SECRET } from "../support/streams.ts";

/** What a driver tells beside its rows, by name: what it heard on a stream. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what was heard is compared freely.
export type Heard = Readonly<Record<string, any>>;

export interface DriverRun {
  readonly rows: readonly CompatRow[];
  readonly heard: Heard;
}

export interface DriverOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: (base: string) => Readonly<Record<string, string>>;
  /** Where the session's clock stands first. */
  readonly from?: string;
}

const DRIVER_MS = 50_000;

/** Runs a driver on an account of a session of its own. */
export async function runDriver({ command, args, environment, from }: DriverOptions): Promise<DriverRun> {
  const api = await openLiveApi({ prepare: importSplit });
  try {
    const desk = await openDesk(api, FROM_OPEN);
    const path = `/v1/sessions/${desk.session}/time/advance`;
    if (from !== undefined) await api.send("POST", path, { body: { targetTime: from } });
    const base = `http://${api.host}/sim/${desk.account}`;
    const env = {
      ...process.env,
      TAPEDECK_BASE: base,
      TAPEDECK_SESSION: desk.session,
      TAPEDECK_KEY: KEY,
      TAPEDECK_SECRET: SECRET,
      PYTHONDONTWRITEBYTECODE: "1",
      ...environment?.(base),
    };
    const { stdout } = await promisify(execFile)(command, args, { env, timeout: DRIVER_MS });
    return readLines(stdout);
  } finally {
    await api.close();
  }
}

function readLines(stdout: string): DriverRun {
  const rows: CompatRow[] = [];
  const heard: Record<string, unknown> = {};
  for (const line of stdout.trim().split("\n")) {
    const told = JSON.parse(line) as Record<string, unknown>;
    if ("method" in told) rows.push({ ...(told as unknown as CompatRow), failure: textOf(told["failure"]) });
    else Object.assign(heard, told);
  }
  return { rows, heard };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
