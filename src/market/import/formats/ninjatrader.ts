/** NinjaTrader's text files: no header, semicolons, UTC time of the bar's end; days as plain dates. */
import type { BarFormat } from "../bar-format.ts";
import { csvRowReader } from "../csv-rows.ts";
import { timeframeInName } from "../name-facts.ts";
import { readRows } from "../read-rows.ts";
import { symbolOfFile } from "../symbol-column.ts";
import { UTC } from "../zone.ts";

const ROW = /^\d{8}(?: \d{6})?(?:;[\d.]+){5}$/;

const PLACES = new Map([
  ["timestamp", 0],
  ["open", 1],
  ["high", 2],
  ["low", 3],
  ["close", 4],
  ["volume", 5],
] as const);

export const ninjatrader: BarFormat = {
  name: "ninjatrader",
  looks: "YYYYMMDD HHMMSS;open;high;low;close;volume, the end of the bar in UTC, without a header",
  matches: ({ lines }) => ROW.test(lines[0] ?? ""),
  facts: ({ path }) => ({ timeframe: timeframeInName(path), areEnds: true }),
  read: async (file, options, sink) => {
    const symbol = symbolOfFile(file.head.path, options);
    const stated = { ...options, zone: options.zone ?? UTC, timeFormat: undefined };
    const reader = csvRowReader({ places: PLACES, options: stated, symbol });
    await readRows(file, { delimiter: ";", headerLines: 0, fields: PLACES.size, reader }, sink);
  },
};
