/** Reads rows of a table of bars by the places of its columns: prices, volume, and what is optional. */
import type { ImportedRow, ReadOptions, RowOutcome } from "./bar-format.ts";
import type { ColumnPlaces, ColumnRole } from "./column-map.ts";
import type { Line } from "./line.ts";
import type { RowReader } from "./read-rows.ts";
import { openStamps } from "./stamps.ts";
import { symbolColumn, type SymbolReader } from "./symbol-column.ts";

export interface CsvRows {
  readonly places: ColumnPlaces;
  readonly options: ReadOptions;
  /** The symbol of all rows; undefined where a column tells it. */
  readonly symbol: string | undefined;
}

export function csvRowReader({ places, options, symbol }: CsvRows): RowReader {
  const at = (role: ColumnRole): number => places.get(role) ?? -1;
  const [open, high, low, close] = [at("open"), at("high"), at("low"), at("close")];
  const [volume, vwap, trades] = [at("volume"), at("vwap"), at("trades")];
  const dateColumn = places.get("date");
  const column = places.get("timestamp") ?? dateColumn ?? -1;
  const stamps = openStamps({
    ...options,
    column,
    timeColumn: dateColumn === undefined ? undefined : places.get("time"),
  });
  const symbols = symbol === undefined ? symbolColumn(at("symbol"), options.symbols) : undefined;
  const hasOptional = trades >= 0 || vwap >= 0;
  const isOther = symbol !== undefined && options.isFolder && options.symbols?.includes(symbol) === false;
  return (line, row) => {
    if (isOther) return "other";
    if (symbols === undefined) row.symbol = symbol ?? "";
    else {
      const outcome = namedSymbol(symbols, line, row);
      if (outcome !== undefined) return outcome;
    }
    row.open = line.number(open);
    row.high = line.number(high);
    row.low = line.number(low);
    row.close = line.number(close);
    row.volume = line.number(volume);
    row.vwap = Number.NaN;
    row.trades = Number.NaN;
    if (hasOptional) {
      const problem = readOptional(line, row, vwap, trades);
      if (problem !== undefined) return problem;
    }
    const start = stamps(line);
    if (typeof start !== "number") return start;
    row.start = start;
    return undefined;
  };
}

function namedSymbol(symbols: SymbolReader, line: Line, row: ImportedRow): RowOutcome {
  const found = symbols(line);
  if (typeof found !== "string") return found ?? "other";
  row.symbol = found;
  return undefined;
}

/** "", "nan" and the like are no figure: a data frame writes them so. */
function readOptional(line: Line, row: ImportedRow, vwap: number, trades: number): RowOutcome {
  if (vwap >= 0 && !line.isAbsent(vwap)) {
    row.vwap = line.number(vwap);
    if (Number.isNaN(row.vwap)) return notANumber("vwap", line.text(vwap));
  }
  if (trades >= 0 && !line.isAbsent(trades)) {
    row.trades = line.number(trades);
    if (Number.isNaN(row.trades)) return notANumber("trades", line.text(trades));
  }
  return undefined;
}

function notANumber(field: string, text: string): RowOutcome {
  return { reason: "bad_number", message: `${field}: got ${JSON.stringify(text)}, wanted a decimal number or nothing` };
}
