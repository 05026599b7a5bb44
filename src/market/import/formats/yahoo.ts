/** Yahoo Finance's CSV: Date,Open,High,Low,Close,Adj Close,Volume. Prices and volumes are adjusted for splits. */
import type { BarFormat } from "../bar-format.ts";
import type { ColumnRole } from "../column-map.ts";
import { headerOf } from "../files/file-head.ts";
import { readRows } from "../read-rows.ts";
import { symbolOfFile } from "../symbol-column.ts";
import { csvRowReader } from "../csv-rows.ts";
import { withoutNoise } from "./float-noise.ts";

const COLUMNS = ["date", "open", "high", "low", "close", "adj close", "volume"];
const ROLES: readonly ColumnRole[] = ["open", "high", "low", "close", "volume"];

export const yahoo: BarFormat = {
  name: "yahoo",
  looks: "Date,Open,High,Low,Close,Adj Close,Volume",
  matches: (head) => COLUMNS.every((name) => headerOf(head).includes(name)),
  facts: () => ({ isAdjusted: true }),
  read: async (file, options, sink) => {
    const header = headerOf(file.head);
    const places = new Map<ColumnRole, number>(ROLES.map((role) => [role, header.indexOf(role)]));
    places.set("timestamp", header.indexOf("date"));
    const symbol = symbolOfFile(file.head.path, options);
    const reader = csvRowReader({ places, options: { ...options, timeFormat: undefined }, symbol });
    await readRows(file, { headerLines: 1, fields: header.length, reader: withoutNoise(reader) }, sink);
  },
};
