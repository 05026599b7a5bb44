/** The record of what a download has completed, one small file a series: what a resumed one need not ask for again. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDate, type CivilDate } from "../../kernel/index.ts";
import { makeDirectory, syncDirectory, writeDurably } from "../catalog/manifest.ts";
import { symbolInPath } from "../symbol.ts";
import { daysIn, type Stretch } from "./stretches.ts";

/** What a record is of. Bars of another address, feed or adjustment are other bars. */
export interface JobKey {
  readonly provider: string;
  /** Where the bars came from. */
  readonly baseUrl: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly feed: string | undefined;
  readonly adjustment: "raw";
}

export interface DoneStretch extends Stretch {
  /** Bars of it that were put into the catalog, or were there. */
  readonly bars: number;
}

export interface JobRecord {
  readonly stretches: readonly DoneStretch[];
  /** Corporate actions are known from this date; asked for on that one. */
  readonly actions?: { readonly from: CivilDate; readonly on: CivilDate } | undefined;
  /** When the asset was asked for. */
  readonly asset?: { readonly on: CivilDate } | undefined;
}

export interface JobRead {
  readonly record: JobRecord;
  /** Why a file that is there was not believed. */
  readonly problem: string | undefined;
}

const FORMAT = "tapedeck-download";
const VERSION = 1;

const NOTHING: JobRecord = { stretches: [] };

const folderOf = (marketDir: string): string => join(marketDir, "downloads");

export function jobPath(marketDir: string, { provider, symbol, timeframe, feed, adjustment }: JobKey): string {
  const parts = [provider, symbolInPath(symbol), timeframe, ...(feed === undefined ? [] : [feed]), adjustment];
  return join(folderOf(marketDir), `${parts.join("-")}.json`);
}

/** An absent record is empty; so is one that cannot be believed, with the reason: then all is asked for again. */
export async function readJob(marketDir: string, key: JobKey): Promise<JobRead> {
  const path = jobPath(marketDir, key);
  try {
    const record = parseJob(JSON.parse(await readFile(path, "utf8")), key);
    if (typeof record !== "string") return { record, problem: undefined };
    return { record: NOTHING, problem: `${path} is not used: ${record}` };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { record: NOTHING, problem: undefined };
    }
    const why = error instanceof SyntaxError ? "it is not JSON" : String(error);
    return { record: NOTHING, problem: `${path} is not used: ${why}` };
  }
}

/** Replaces the record whole. Throws AppError "import_failed" where the disk refuses. */
export async function writeJob(marketDir: string, key: JobKey, record: JobRecord): Promise<void> {
  const folder = folderOf(marketDir);
  await makeDirectory(folder);
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, ...key, ...record }, undefined, 1)}\n`;
  await writeDurably(jobPath(marketDir, key), [Buffer.from(text)]);
  await syncDirectory(folder);
}

const KEY_FIELDS = ["provider", "baseUrl", "symbol", "timeframe", "feed", "adjustment"] as const;

function parseJob(value: unknown, key: JobKey): JobRecord | string {
  if (!isRecord(value) || value["format"] !== FORMAT) return "it is not a record of a download";
  if (value["version"] !== VERSION) return `it is version ${String(value["version"])}, this program reads ${VERSION}`;
  const other = KEY_FIELDS.find((name) => value[name] !== key[name]);
  if (other !== undefined) return `it is of another ${other === "baseUrl" ? "address" : other}`;
  const { stretches, actions, asset } = value;
  if (!Array.isArray(stretches) || !stretches.every(isDoneStretch)) return "its stretches cannot be read";
  if (!isAsked(actions, ["from", "on"]) || !isAsked(asset, ["on"])) return "its dates cannot be read";
  return { stretches, actions: actions as JobRecord["actions"], asset: asset as JobRecord["asset"] };
}

/** Absent, or with the dates that it must have. */
const isAsked = (value: unknown, names: readonly string[]): boolean =>
  value === undefined || (isRecord(value) && names.every((name) => isDate(value[name])));

function isDoneStretch(value: unknown): value is DoneStretch {
  if (!isRecord(value)) return false;
  const { from, to, bars } = value;
  if (!isDate(from) || !isDate(to) || !Number.isSafeInteger(bars) || (bars as number) < 0) return false;
  return daysIn({ from, to }) > 0;
}

const isDate = (value: unknown): value is CivilDate => typeof value === "string" && parseDate(value) !== undefined;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
