/** What alpaca-py's data frames of bars write with `to_csv`: symbol, a time with a space and an offset, trade_count, vwap. */
import type { BarFormat } from "../bar-format.ts";
import { usualColumns } from "../column-map.ts";
import { csvRowReader } from "../csv-rows.ts";
import { headerOf } from "../files/file-head.ts";
import { isAdjustedByName, timeframeInName } from "../name-facts.ts";
import { readRows } from "../read-rows.ts";
import { symbolOfFile } from "../symbol-column.ts";

const COLUMNS = ["timestamp", "open", "high", "low", "close", "volume", "trade_count", "vwap"];

export const alpacaCsv: BarFormat = {
  name: "alpaca-csv",
  looks: `[symbol,]${COLUMNS.join(",")} of alpaca-py`,
  matches: (head) => {
    const header = headerOf(head).filter((name) => name !== "symbol");
    return header.join() === COLUMNS.join();
  },
  facts: ({ path }) => ({
    timeframe: timeframeInName(path),
    ...(isAdjustedByName(path) ? { isAdjusted: true } : {}),
  }),
  read: async (file, options, sink) => {
    const header = headerOf(file.head);
    const { places } = usualColumns(header);
    const symbol = places.has("symbol") ? undefined : symbolOfFile(file.head.path, options);
    const reader = csvRowReader({ places, options: { ...options, columns: undefined, timeFormat: undefined }, symbol });
    await readRows(file, { headerLines: 1, fields: header.length, reader }, sink);
  },
};
