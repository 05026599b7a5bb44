/** An application over a few bars that a test writes down itself: minutes of one day, New York time, or day bars. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newYorkMidnight } from "../../src/calendar/index.ts";
import { DAY_MS, formatInstant, instant, MINUTE_MS, parseDate, type Instant } from "../../src/kernel/index.ts";
import { importAssets, importFile, openMarket } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Desk } from "./api.ts";

/** "10:00", or a date for a day bar; open, high, low, close, volume. */
export type Row = readonly [string, number, number, number, number, number];

/** A Tuesday with a full session. */
export const DAY = "2024-03-05";

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A wall time of that day as RFC 3339. */
export const at = (wallTime: string): string => formatInstant(instantAt(wallTime));

function instantAt(wallTime: string): Instant {
  const [hours = 0, minutes = 0, seconds = 0] = wallTime.split(":").map(Number);
  const date = parseDate(DAY);
  if (date === undefined) throw new Error(`bad date ${DAY}`);
  return instant(newYorkMidnight(date) + ((hours * 60 + minutes) * 60 + seconds) * (MINUTE_MS / 60));
}

/** `assets`: a table of what else is known of the symbols, as CSV. */
export async function openTape(series: Readonly<Record<string, readonly Row[]>>, assets?: string): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-tape-"));
  const api = await openApi({
    sample: false,
    prepare: async (dataDir) => {
      const market = await openMarket({ dataDir, sample: false });
      for (const [symbol, rows] of Object.entries(series)) {
        const path = join(folder, `${symbol}.csv`);
        const isDay = rows.every(([time]) => DATE.test(time));
        const lines = rows.map(([time, ...figures]) => [isDay ? time : at(time), ...figures].join(","));
        writeFileSync(path, `timestamp,open,high,low,close,volume\n${lines.join("\n")}\n`);
        await importFile({ market, path, symbol, timeframe: isDay ? "1Day" : "1Min" });
      }
      if (assets === undefined) return;
      const path = join(folder, "assets.csv");
      writeFileSync(path, assets);
      await importAssets({ market, path });
    },
  });
  rmSync(folder, { recursive: true, force: true });
  return api;
}

/** Alpaca's hours, prices without slippage or fees, a tenth of each bar's volume. */
export const PLAIN = { tradingHours: "regular", slippage: { model: "none" }, fees: "none" };

/** A desk whose clock stands at a wall time of the day; its session ends a month later. */
export const openDeskAt = (api: Api, wallTime: string, config: object = {}): Promise<Desk> =>
  openDesk(api, {
    startTime: at(wallTime),
    endTime: formatInstant(instant(instantAt("16:00") + 31 * DAY_MS)),
    config: { ...PLAIN, ...config },
  });
