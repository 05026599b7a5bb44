/** Which column of a table of bars holds what: by its usual names, or as the user says. */
import { AppError } from "../../kernel/index.ts";

export const COLUMN_ROLES = [
  "timestamp",
  "date",
  "time",
  "symbol",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "vwap",
  "trades",
] as const;

export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** What the user said: names of a header, or places in a file without one. */
export interface ColumnMap {
  readonly hasHeader: boolean;
  /** In lower case where there is a header, else indexes from 0. */
  readonly columns: ReadonlyMap<ColumnRole, string | number>;
}

export type ColumnPlaces = ReadonlyMap<ColumnRole, number>;

/** Names that stand for a role without being told, in lower case. */
const USUAL_NAMES: Readonly<Record<ColumnRole, readonly string[]>> = {
  timestamp: ["timestamp", "datetime", "t"],
  date: ["date"],
  time: ["time"],
  symbol: ["symbol", "ticker"],
  open: ["open", "o"],
  high: ["high", "h"],
  low: ["low", "l"],
  close: ["close", "c"],
  volume: ["volume", "v"],
  vwap: ["vwap", "vw"],
  trades: ["trades", "trade_count", "n"],
};

const NEEDED: readonly ColumnRole[] = ["open", "high", "low", "close", "volume"];

const isRole = (text: string): text is ColumnRole => COLUMN_ROLES.some((role) => role === text);

/**
 * "timestamp=Date Time,open=Open,…" names columns of the header; "timestamp,open,-,high,…" says what the columns of a
 * file without a header are, "-" for one to pass over. Throws AppError "bad_argument".
 */
export function parseColumns(text: string): ColumnMap {
  const entries = text.split(",").map((entry) => entry.trim());
  const hasHeader = entries.some((entry) => entry.includes("="));
  const columns = new Map<ColumnRole, string | number>();
  for (const [index, entry] of entries.entries()) {
    if (!hasHeader && entry === "-") continue;
    const [role = "", ...rest] = entry.split("=");
    const name = rest.join("=").trim();
    if (!isRole(role.trim()) || (hasHeader && name === "")) throw badColumns(entry);
    if (columns.has(role.trim() as ColumnRole)) throw badColumns(entry, `${role.trim()} stands there twice`);
    columns.set(role.trim() as ColumnRole, hasHeader ? name.toLowerCase() : index);
  }
  const missing = missingRoles(columns);
  if (missing.length > 0) throw badColumns(text, `it misses ${missing.join(", ")}`);
  return { hasHeader, columns };
}

function badColumns(got: string, why?: string): AppError {
  const form = `timestamp=Time,open=Open,… for a file with a header, or timestamp,open,high,low,close,volume for one without`;
  const reason = why === undefined ? "" : ` (${why})`;
  const wanted = `wanted ${form}; known are ${COLUMN_ROLES.join(", ")}`;
  return new AppError("bad_argument", `--columns: got ${JSON.stringify(got)}${reason}, ${wanted}`);
}

/** What a row of bars cannot do without. */
export function missingRoles(columns: { has: (role: ColumnRole) => boolean }): readonly string[] {
  const missing: string[] = NEEDED.filter((role) => !columns.has(role));
  return columns.has("timestamp") || columns.has("date") ? missing : ["timestamp", ...missing];
}

/** Columns without a name: the index of a data frame, or a comma at the end of the line. */
const UNNAMED = /^(unnamed: ?\d+)?$/;

/** The places of a header's columns by their usual names; names that mean nothing come back beside. */
export function usualColumns(header: readonly string[]): {
  readonly places: ColumnPlaces;
  readonly unknown: readonly string[];
} {
  const places = new Map<ColumnRole, number>();
  const unknown: string[] = [];
  for (const [index, name] of header.entries()) {
    if (UNNAMED.test(name)) continue;
    const role = COLUMN_ROLES.find((candidate) => USUAL_NAMES[candidate].includes(name));
    if (role === undefined || places.has(role)) unknown.push(name);
    else places.set(role, index);
  }
  const time = places.get("time");
  // A time alone is the whole of it; beside a date it is the time of day.
  if (time !== undefined && !places.has("date") && !places.has("timestamp")) {
    places.delete("time");
    places.set("timestamp", time);
  }
  return { places, unknown };
}

/** The places of the columns that the user named; those that the header does not have come back beside. */
export function mappedColumns(
  { columns }: ColumnMap,
  header: readonly string[],
): { readonly places: ColumnPlaces; readonly missing: readonly string[] } {
  const places = new Map<ColumnRole, number>();
  const missing: string[] = [];
  for (const [role, name] of columns) {
    const index = typeof name === "number" ? name : header.indexOf(name);
    if (index < 0) missing.push(String(name));
    else places.set(role, index);
  }
  return { places, missing };
}
