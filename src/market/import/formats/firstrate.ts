/** FirstRate Data's text files: no header, New York time of the bar's start, one symbol a file that its name tells. */
import type { BarFormat } from "../bar-format.ts";
import { csvRowReader } from "../csv-rows.ts";
import { isAdjustedByName, timeframeInName } from "../name-facts.ts";
import { readRows } from "../read-rows.ts";
import { symbolOfFile } from "../symbol-column.ts";
import { NEW_YORK } from "../zone.ts";

const ROW = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?(?:,[\d.]+){5}$/;

const PLACES = new Map([
  ["timestamp", 0],
  ["open", 1],
  ["high", 2],
  ["low", 3],
  ["close", 4],
  ["volume", 5],
] as const);

export const firstrate: BarFormat = {
  name: "firstrate",
  looks: "YYYY-MM-DD HH:MM:SS,open,high,low,close,volume in New York time, without a header",
  matches: ({ lines }) => ROW.test(lines[0] ?? ""),
  facts: ({ path }) => ({
    timeframe: timeframeInName(path),
    ...(isAdjustedByName(path) ? { isAdjusted: true } : {}),
  }),
  read: async (file, options, sink) => {
    const symbol = symbolOfFile(file.head.path, options);
    const stated = { ...options, zone: options.zone ?? NEW_YORK, timeFormat: undefined };
    const reader = csvRowReader({ places: PLACES, options: stated, symbol });
    await readRows(file, { headerLines: 0, fields: PLACES.size, reader }, sink);
  },
};
