/** Plain CSV: a header with the usual names in any order, or columns as the user maps them. */
import { AppError } from "../../../kernel/index.ts";
import type { BarFormat, ReadOptions } from "../bar-format.ts";
import { mappedColumns, missingRoles, usualColumns, type ColumnPlaces } from "../column-map.ts";
import { csvRowReader } from "../csv-rows.ts";
import { headerOf, type FileHead } from "../files/file-head.ts";
import { timeframeInName } from "../name-facts.ts";
import { readRows } from "../read-rows.ts";
import { symbolOfFile } from "../symbol-column.ts";

export const plainCsv: BarFormat = {
  name: "csv",
  looks: "[symbol,]timestamp (or date, or date,time),open,high,low,close,volume[,vwap,trades]",
  matches: (head) => {
    const { places } = usualColumns(headerOf(head, delimiterOf(head)));
    return places.has("timestamp") || places.has("date");
  },
  facts: ({ path }) => ({ timeframe: timeframeInName(path) }),
  read: async (file, options, sink) => {
    const { head } = file;
    const delimiter = delimiterOf(head);
    const header = headerOf(head, delimiter);
    const places = options.columns === undefined ? knownPlaces(head, header) : mappedPlaces(head, header, options);
    const symbol = places.has("symbol") ? undefined : symbolOfFile(head.path, options);
    await readRows(
      file,
      {
        delimiter,
        headerLines: options.columns?.hasHeader === false ? 0 : 1,
        fields: header.length,
        reader: csvRowReader({ places, options, symbol }),
      },
      sink,
    );
  },
};

/** What stands between the first line's fields; spreadsheets write semicolons where the comma is in the numbers. */
function delimiterOf({ lines }: FileHead): string {
  const first = lines[0] ?? "";
  return [",", ";", "\t"].find((sign) => first.includes(sign)) ?? ",";
}

/** A column that nobody knows may change what the others mean, so it is not passed over without a word. */
function knownPlaces(head: FileHead, header: readonly string[]): ColumnPlaces {
  const { places, unknown } = usualColumns(header);
  const missing = missingRoles(places);
  if (missing.length > 0) throw badHeader(head, `misses ${missing.join(", ")}`);
  if (unknown.length > 0) {
    const names = unknown.map((name) => JSON.stringify(name)).join(", ");
    throw badHeader(head, `has ${names}; name the columns to take with --columns`);
  }
  return places;
}

function mappedPlaces(head: FileHead, header: readonly string[], { columns }: ReadOptions): ColumnPlaces {
  if (columns === undefined) return new Map();
  const { places, missing } = mappedColumns(columns, header);
  if (missing.length === 0) return places;
  throw badHeader(head, `${JSON.stringify(header.join(","))} misses ${missing.join(", ")} of --columns`);
}

function badHeader({ path }: FileHead, what: string): AppError {
  const message = `${path}, line 1: the header ${what}; wanted ${plainCsv.looks}`;
  return new AppError("import_failed", `${message}. Nothing was imported.`);
}
