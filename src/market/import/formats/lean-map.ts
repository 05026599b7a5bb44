/** LEAN's map files: which ticker a company had until when, read as symbol changes and delistings. */
import { tradingDayAfter } from "../../../calendar/index.ts";
import { parseDate, type CivilDate } from "../../../kernel/index.ts";
import { isSymbol } from "../../symbol.ts";
import type { BarFormat, RowSink } from "../bar-format.ts";
import { readLines } from "../files/read-lines.ts";

const FOLDER = /map_files\/[^/]+\.csv$/i;
const ROW = /^\d{8},[A-Za-z0-9.-]+(?:,[A-Z]*)?$/;

/** LEAN's word for a company that is still listed. */
const STILL_LISTED = "2050-12-31";

interface MapRow {
  /** The last date on which the ticker was the company's; of the first row, when it was listed. */
  readonly date: CivilDate;
  readonly ticker: string;
}

export const leanMap: BarFormat = {
  name: "lean-map",
  looks: "LEAN's map_files: date,ticker[,exchange]",
  matches: ({ path, lines }) => FOLDER.test(path) && ROW.test(lines[0] ?? ""),
  facts: () => ({}),
  read: async (file, { symbols }, sink) => {
    const rows: MapRow[] = [];
    await readLines(file, (bytes, { start, end }) => {
      const [day = "", ticker = ""] = bytes.toString("utf8", start, end).split(",");
      const date = parseDate(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`);
      if (date !== undefined) rows.push({ date, ticker: ticker.trim().toUpperCase() });
    });
    const isWanted = (symbol: string): boolean => isSymbol(symbol) && symbols?.includes(symbol) !== false;
    takeChanges(
      rows.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
      isWanted,
      sink,
    );
  },
};

function takeChanges(rows: readonly MapRow[], isWanted: (symbol: string) => boolean, sink: RowSink): void {
  for (const [index, { date, ticker: symbol }] of rows.entries()) {
    const exDate = index === 0 ? undefined : tradingDayAfter(date)?.date;
    if (exDate === undefined || !isWanted(symbol)) continue;
    const next = rows[index + 1]?.ticker;
    if (next !== undefined && next !== symbol && isSymbol(next)) {
      sink.takeAction({ symbol, exDate, type: "symbol_change", newSymbol: next });
    }
    if (next === undefined && date < STILL_LISTED) {
      sink.takeAction({ symbol, exDate, type: "delisting", cashPerShare: undefined });
    }
  }
}
