/** Bars as Parquet: one row group for each hundred thousand bars, compressed with snappy. Loads hyparquet-writer when it is needed. */
import type { LabelledBar } from "../bars/resampler.ts";
import type { BarsWriter } from "./bars-writer.ts";

const ROWS_PER_GROUP = 100_000;

/** Every reader of Parquet knows these types; times are instants in UTC. */
const SCHEMA = [
  { name: "root", num_children: 9 },
  { name: "symbol", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  {
    name: "timestamp",
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
    repetition_type: "REQUIRED",
  },
  { name: "open", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "high", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "low", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "close", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "volume", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "trade_count", type: "INT64", repetition_type: "OPTIONAL" },
  { name: "vwap", type: "DOUBLE", repetition_type: "OPTIONAL" },
] as const;

interface ParquetRow {
  readonly symbol: string;
  readonly bar: LabelledBar;
}

export async function openParquet(path: string): Promise<BarsWriter> {
  const { fileWriter, ParquetWriter } = await import("hyparquet-writer");
  const writer = new ParquetWriter({ writer: fileWriter(path), schema: [...SCHEMA], createdBy: "tapedeck" });
  let rows: ParquetRow[] = [];
  const flush = async (count: number): Promise<void> => {
    const group = rows.slice(0, count);
    rows = rows.slice(count);
    if (group.length > 0) await writer.write({ columnData: columnsOf(group), rowGroupSize: ROWS_PER_GROUP });
  };
  return {
    write: async (symbol, bars) => {
      for (const bar of bars) rows.push({ symbol, bar });
      while (rows.length >= ROWS_PER_GROUP) await flush(ROWS_PER_GROUP);
    },
    finish: async () => {
      await flush(ROWS_PER_GROUP);
      await writer.finish();
    },
    abandon: async () => {},
  };
}

type Column = Parameters<
  InstanceType<typeof import("hyparquet-writer").ParquetWriter>["write"]
>[0]["columnData"][number];

function columnsOf(rows: readonly ParquetRow[]): Column[] {
  const numbers = (of: (bar: LabelledBar) => number): Float64Array => Float64Array.from(rows, ({ bar }) => of(bar));
  return [
    { name: "symbol", data: rows.map(({ symbol }) => symbol) },
    { name: "timestamp", data: rows.map(({ bar }) => new Date(bar.label)) },
    { name: "open", data: numbers(({ open }) => open) },
    { name: "high", data: numbers(({ high }) => high) },
    { name: "low", data: numbers(({ low }) => low) },
    { name: "close", data: numbers(({ close }) => close) },
    { name: "volume", data: numbers(({ volume }) => volume) },
    { name: "trade_count", data: rows.map(({ bar }) => (bar.trades === undefined ? null : BigInt(bar.trades))) },
    { name: "vwap", data: rows.map(({ bar }) => bar.vwap ?? null) },
  ];
}
