/** The first line of a session file, and the lines about its data, from outside. */
import { isRefusal, type Refusal } from "../../kernel/index.ts";
import type { EngineConfig } from "../../engine/index.ts";
import { FileProblem } from "./read-session-file.ts";
import { SESSION_FILE_FORMAT, SESSION_FILE_VERSION, SESSION_FILE_WITH_BARS, type FileHeader } from "./session-file.ts";
import { list, matching, moment, optional, record, text, whole, type Check } from "./shape.ts";

/** Why a config cannot be a session's, or undefined. */
export type CheckConfig = (config: EngineConfig) => Refusal | undefined;

const ENTRIES_MAX = 1_000_000_000;
const DAY_MAX = 60_000;
const hash = matching(/^[0-9a-f]{64}$/);
const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const isHeader = record<FileHeader>({
  format: (value) => value === SESSION_FILE_FORMAT,
  version: (value) => value === SESSION_FILE_VERSION || value === SESSION_FILE_WITH_BARS,
  by: text(),
  session: record<FileHeader["session"]>({
    createdAt: matching(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,18}Z$/),
    clock: moment,
    name: nullable(text()),
    failure: nullable(text()),
  }),
  config: (value) => typeof value === "object" && value !== null,
  head: record<FileHeader["head"]>({ seq: whole(1, ENTRIES_MAX), hash }),
  data: list(
    record<FileHeader["data"][number]>({
      symbol: text(),
      from: optional(text()),
      to: optional(text()),
      days: whole(0, DAY_MAX),
      bars: whole(0, Number.MAX_SAFE_INTEGER),
      hash,
    }),
  ),
  pins: whole(0, ENTRIES_MAX),
});

/** Throws FileProblem. */
export function parseHeader(line: string): FileHeader {
  const value = parseJson(line, "line 1");
  const { format, version } = (typeof value === "object" && value !== null ? value : {}) as Partial<FileHeader>;
  if (format !== SESSION_FILE_FORMAT) throw new FileProblem("line 1: it is no session file");
  if (typeof version === "number" && version > SESSION_FILE_WITH_BARS) {
    throw new FileProblem(`line 1: it was written by a newer version (format ${version}); use that version`);
  }
  if (!isHeader(value)) throw new FileProblem("line 1: a field of the header is missing, unknown or wrong");
  return value as FileHeader;
}

/** Throws FileProblem. */
export function checkConfig(check: CheckConfig, config: EngineConfig): void {
  const refused = check(config);
  if (isRefusal(refused)) throw new FileProblem(`the session's options: ${refused.message}`);
}

const day = whole(0, DAY_MAX);
const isSpan = record<{ s: string; from: number; to: number | null }>({ s: text(), from: day, to: nullable(day) });
const isMonth = record<{ s: string; m: number; i: string; d: unknown }>({
  s: text(),
  m: whole(0, ENTRIES_MAX),
  i: text(),
  d: list(isPinnedDay),
});

function isPinnedDay(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [of, bars, content]: readonly unknown[] = value;
  return day(of) && whole(1, ENTRIES_MAX)(bars) && matching(/^[0-9a-f]{16}$/)(content);
}

/** A line about days of bars that were used, in its own spelling. Throws FileProblem. */
export function checkPin(line: string, number: number): string {
  const value = parseJson(line, `line ${number}`);
  if (isSpan(value) || isMonth(value)) return `${JSON.stringify(value)}\n`;
  throw new FileProblem(`line ${number}: it does not tell of days of bars`);
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new FileProblem(`${where}: it is not JSON`);
  }
}
