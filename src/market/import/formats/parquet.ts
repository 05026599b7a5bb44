/** Parquet files of bars, read one row group after the other. Loads hyparquet when the first such file comes. */
import type { FileMetaData } from "hyparquet";
import { AppError, instant, PARQUET_GROUP_ROWS_MAX } from "../../../kernel/index.ts";
import type { BarFormat, ImportedRow, ReadOptions, RowOutcome, RowSink } from "../bar-format.ts";
import { mappedColumns, missingRoles, usualColumns, type ColumnPlaces, type ColumnRole } from "../column-map.ts";
import { unreadable, type SourceFile } from "../files/source-file.ts";
import type { FileHead } from "../files/file-head.ts";
import { isAdjustedByName, timeframeInName } from "../name-facts.ts";
import { emptyRow } from "../settle-rows.ts";
import { openTextStamps, type TextStampReader } from "../stamps.ts";
import { symbolOfFile, symbolOutcome } from "../symbol-column.ts";

const MAGIC = "PAR1";

/** Names that data frames give to the times of their rows. */
const TIME_COLUMNS = ["date", "datetime", "time", "window_start", "__index_level_0__"];

export const parquet: BarFormat = {
  name: "parquet",
  looks: "Parquet with columns [symbol,]timestamp,open,high,low,close,volume[,vwap,trade_count]",
  matches: ({ bytes }) => bytes.toString("latin1", 0, MAGIC.length) === MAGIC,
  facts: ({ path }) => ({
    timeframe: timeframeInName(path),
    ...(isAdjustedByName(path) ? { isAdjusted: true } : {}),
  }),
  read: async (file, options, sink) => {
    const { head, diskPath } = file;
    if (diskPath === undefined) {
      throw new AppError("import_failed", `${head.path}: Parquet is read from a file of its own; unpack it first.`);
    }
    try {
      await readParquet(file, diskPath, { options, sink });
    } catch (error) {
      throw unreadable(head.path, error);
    }
  },
};

interface Taking {
  readonly options: ReadOptions;
  readonly sink: RowSink;
}

async function readParquet(file: SourceFile, diskPath: string, taking: Taking): Promise<void> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const buffer = await asyncBufferFromFile(diskPath);
  const metadata = await parquetMetadataAsync(buffer);
  const table = openTable(file.head, metadata, taking.options);
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rows = Number(count);
    if (rows > PARQUET_GROUP_ROWS_MAX) {
      throw new Error(
        `a row group has ${rows} rows, at most ${PARQUET_GROUP_ROWS_MAX} fit in memory; write smaller ones`,
      );
    }
    const columns = new Map<string, unknown[]>();
    await parquetRead({
      file: buffer,
      metadata,
      columns: table.names,
      rowStart,
      rowEnd: rowStart + rows,
      compressors,
      parsers: INSTANTS,
      onChunk: ({ columnName, columnData }) => {
        columns.set(columnName, [...(columns.get(columnName) ?? []), ...(columnData as Iterable<unknown>)]);
      },
    });
    takeGroup(table, columns, { rowStart, rows, sink: taking.sink });
    rowStart += rows;
    await file.onChunk();
  }
}

const MICROS = 1000n;
const NANOS = 1_000_000n;

/** Times as epoch milliseconds; what is less than one is kept as a fraction, so that it is not lost unseen. */
const INSTANTS = {
  timestampFromMilliseconds: (millis: bigint): number => Number(millis),
  timestampFromMicroseconds: (micros: bigint): number => Number(micros / MICROS) + Number(micros % MICROS) / 1000,
  timestampFromNanoseconds: (nanos: bigint): number => Number(nanos / NANOS) + Number(nanos % NANOS) / 1_000_000,
  dateFromDays: (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

interface Table {
  readonly names: string[];
  readonly nameOf: (role: ColumnRole) => string | undefined;
  /** The symbol of all rows, where no column tells it. */
  readonly symbol: string | undefined;
  readonly symbols: readonly string[] | undefined;
  readonly stamps: TextStampReader;
  /** Whether times are wall times: counts of milliseconds on the walls of the zone that the user names. */
  readonly walls: ReadOptions["zone"];
}

function openTable(head: FileHead, metadata: FileMetaData, options: ReadOptions): Table {
  const elements = metadata.schema.slice(1);
  const names = elements.map(({ name }) => name);
  const places = placesOf(head, names, options);
  const nameOf = (role: ColumnRole): string | undefined => {
    const place = places.get(role);
    return place === undefined ? undefined : names[place];
  };
  const time = elements[places.get("timestamp") ?? -1];
  const type = time?.logical_type;
  const isWall = type?.type === "TIMESTAMP" && !type.isAdjustedToUTC;
  if (isWall && options.zone === undefined) {
    const message = `${head.path}: the times in ${time?.name} have no zone; say --timezone (UTC, America/New_York …)`;
    throw new AppError("bad_argument", message);
  }
  return {
    names: [...places.values()].map((place) => names[place] ?? ""),
    nameOf,
    symbol: places.has("symbol") ? undefined : symbolOfFile(head.path, options),
    symbols: options.symbols,
    stamps: openTextStamps({ ...options, field: time?.name ?? "timestamp" }),
    walls: isWall ? options.zone : undefined,
  };
}

function placesOf({ path }: FileHead, names: readonly string[], { columns }: ReadOptions): ColumnPlaces {
  const header = names.map((name) => name.toLowerCase());
  const { places, missing } =
    columns === undefined ? { places: usualPlaces(header), missing: [] } : mappedColumns(columns, header);
  const lacking = [...missing, ...missingRoles(places)];
  if (lacking.length === 0) return places;
  const message = `${path} has the columns ${names.join(",")}: it misses ${lacking.join(", ")}`;
  throw new AppError("import_failed", `${message}; name them with --columns. Nothing was imported.`);
}

function usualPlaces(header: readonly string[]): ColumnPlaces {
  const places = new Map(usualColumns(header).places);
  const time = TIME_COLUMNS.map((name) => header.indexOf(name)).find((index) => index >= 0);
  if (!places.has("timestamp") && time !== undefined) places.set("timestamp", time);
  return places;
}

interface Group {
  readonly rowStart: number;
  readonly rows: number;
  readonly sink: RowSink;
}

function takeGroup(table: Table, columns: ReadonlyMap<string, unknown[]>, { rowStart, rows, sink }: Group): void {
  const column = (role: ColumnRole): unknown[] | undefined => {
    const name = table.nameOf(role);
    return name === undefined ? undefined : columns.get(name);
  };
  const [symbol, time] = [column("symbol"), column("timestamp") ?? column("date")];
  const figures = (["open", "high", "low", "close", "volume", "vwap", "trades"] as const).map(
    (role) => [role, column(role)] as const,
  );
  const row = emptyRow();
  for (let index = 0; index < rows; index += 1) {
    for (const [role, values] of figures) row[role] = numberOf(values?.[index]);
    const outcome = nameRow(table, symbol?.[index], row) ?? stampRow(table, time?.[index], row);
    sink.take(row, rowStart + index + 1, outcome);
  }
}

function nameRow(table: Table, value: unknown, row: ImportedRow): RowOutcome {
  const found = table.symbol ?? symbolOutcome(String(value), table.symbols);
  if (typeof found !== "string") return found ?? "other";
  row.symbol = found;
  return undefined;
}

function stampRow({ stamps, walls }: Table, value: unknown, row: ImportedRow): RowOutcome {
  const start = typeof value === "number" ? inWalls(value, walls) : stamps(String(value));
  if (typeof start !== "number") return start;
  row.start = start;
  return undefined;
}

function inWalls(milliseconds: number, walls: ReadOptions["zone"]): number | Exclude<RowOutcome, "other" | undefined> {
  const at = walls === undefined ? instant(milliseconds) : walls.toInstant(milliseconds);
  if (typeof at === "number") return at;
  return { reason: "bad_time", message: `timestamp: a wall time that clocks in ${walls?.name} showed ${at}` };
}

/** Counts come as big integers, absent values as null. */
const numberOf = (value: unknown): number =>
  typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : Number.NaN;
