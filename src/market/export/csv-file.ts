/** Bars as CSV with the columns of alpaca-py's data frames; an absent figure is an empty field. */
import { createWriteStream } from "node:fs";
import { finished, pipeline } from "node:stream/promises";
import { PassThrough } from "node:stream";
import { createGzip } from "node:zlib";
import { formatInstant } from "../../kernel/index.ts";
import type { LabelledBar } from "../bars/resampler.ts";
import type { BarsWriter } from "./bars-writer.ts";

const HEADER = "symbol,timestamp,open,high,low,close,volume,trade_count,vwap\n";

/** Lines between two looks at whether the disk keeps up. */
const LINES_AT_ONCE = 1000;

export async function openCsv(path: string, isGzip: boolean): Promise<BarsWriter> {
  const target = createWriteStream(path);
  const input = new PassThrough();
  const done = isGzip ? pipeline(input, createGzip(), target) : pipeline(input, target);
  // Whoever waits for the end hears of a failure; until then nobody does.
  done.catch(() => undefined);
  const write = async (text: string): Promise<void> => {
    if (!input.write(text)) await Promise.race([new Promise((resolve) => input.once("drain", resolve)), done]);
  };
  await write(HEADER);
  return {
    write: async (symbol, bars) => {
      for (let from = 0; from < bars.length; from += LINES_AT_ONCE) {
        await write(
          bars
            .slice(from, from + LINES_AT_ONCE)
            .map((bar) => lineOf(symbol, bar))
            .join(""),
        );
      }
    },
    finish: async () => {
      input.end();
      await done;
    },
    abandon: async () => {
      input.destroy();
      await finished(target).catch(() => undefined);
    },
  };
}

/** A symbol holds no comma or quote, and numbers are written so that reading them gives the same number. */
const lineOf = (symbol: string, { label, open, high, low, close, volume, trades, vwap }: LabelledBar): string =>
  `${[symbol, formatInstant(label), open, high, low, close, volume, trades ?? "", vwap ?? ""].join(",")}\n`;
