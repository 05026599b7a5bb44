/** Which column of a file holds what, as the reader says it, in the words of the import. */
import type { ImportOptions, ImportPreview } from "../api/connect-types.ts";

export const ROLES = [
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

export interface Draft {
  readonly symbol: string;
  readonly timeframe: string;
  readonly timezone: string;
  readonly isAdjusted: boolean;
  readonly onConflict: "fail" | "keep" | "replace";
  /** By column: its role, or "" for one to pass over. Undefined: as the file's own names say. */
  readonly roles: readonly string[] | undefined;
}

export const EMPTY_DRAFT: Draft = {
  symbol: "",
  timeframe: "",
  timezone: "",
  isAdjusted: false,
  onConflict: "fail",
  roles: undefined,
};

/** The roles of the columns as they are shown. */
export const rolesOf = (draft: Draft, { columns }: ImportPreview): readonly string[] =>
  draft.roles ?? columns.map(({ role }) => role ?? "");

/** Whether columns can be named at all: of plain text that is of no other format. */
export const canBeMapped = ({ format, columns }: ImportPreview): boolean =>
  columns.length > 1 && (format === null || format === "csv");

/** What the server is asked for. */
export function optionsOf(draft: Draft, preview: ImportPreview | undefined): ImportOptions {
  const { symbol, timeframe, timezone, isAdjusted, onConflict, roles } = draft;
  return {
    ...(symbol.trim() === "" ? {} : { symbol: symbol.trim() }),
    ...(timeframe === "" ? {} : { timeframe }),
    ...(timezone === "" ? {} : { timezone }),
    ...(isAdjusted ? { adjusted: true } : {}),
    ...(onConflict === "fail" ? {} : { on_conflict: onConflict }),
    ...(roles === undefined || preview === undefined ? {} : { columns: columnsText(roles, preview) }),
  };
}

/** "timestamp=when,open=o,…": by the names of the header. */
function columnsText(roles: readonly string[], { columns }: ImportPreview): string {
  return columns.flatMap(({ name }, index) => (roles[index] ? [`${roles[index]}=${name}`] : [])).join(",");
}
