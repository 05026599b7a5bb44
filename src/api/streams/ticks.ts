/** Messages of market data made from bars that have ended: the bar, the trade and the quote it ended with, the day so far. */
import { instant, MINUTE_MS, type Bar, type Instant } from "../../kernel/index.ts";
import type { EndedBar } from "../../sessions/index.ts";
import { EncodedMessage } from "./frames.ts";

/** Channels that a bar makes messages for. */
export const TICK_CHANNELS = ["trades", "quotes", "bars", "dailyBars"] as const;
export type TickChannel = (typeof TICK_CHANNELS)[number];

/** Made once for all sockets. */
const made = new WeakMap<EndedBar, Partial<Record<TickChannel, EncodedMessage | null>>>();

/** The message of a channel that a bar makes; undefined where it makes none. */
export function tickOf(ended: EndedBar, channel: TickChannel): EncodedMessage | undefined {
  let ticks = made.get(ended);
  if (ticks === undefined) made.set(ended, (ticks = {}));
  const known = ticks[channel];
  if (known !== undefined) return known ?? undefined;
  const tick = makeTick(ended, channel);
  ticks[channel] = tick ?? null;
  return tick;
}

function makeTick({ symbol, bar, day }: EndedBar, channel: TickChannel): EncodedMessage | undefined {
  switch (channel) {
    case "bars":
      return bar.isDay ? undefined : barMessage("b", symbol, { ...bar, label: bar.start });
    case "dailyBars":
      return day === undefined ? undefined : barMessage("d", symbol, day);
    case "trades":
      return tradeMessage(symbol, bar);
    case "quotes":
      return quoteMessage(symbol, bar);
  }
}

type Figures = Pick<Bar, "open" | "high" | "low" | "close" | "volume" | "vwap" | "trades"> & {
  readonly label: Instant;
};

function barMessage(T: "b" | "d", symbol: string, bar: Figures): EncodedMessage {
  return new EncodedMessage({
    T,
    S: symbol,
    o: bar.open,
    h: bar.high,
    l: bar.low,
    c: bar.close,
    v: Math.round(bar.volume),
    t: bar.label,
    n: bar.trades ?? null,
    vw: bar.vwap ?? null,
  });
}

/** The trade that a bar ended with, at its close: synthetic, as the bar is all that is known. */
const tradeMessage = (symbol: string, bar: Bar): EncodedMessage =>
  new EncodedMessage({
    T: "t",
    S: symbol,
    i: bar.end / 1000,
    x: "V",
    p: bar.close,
    s: 100,
    c: ["@"],
    t: bar.end,
    z: "C",
  });

/** The quote at a bar's end: bid and ask are its close, a round lot each. */
function quoteMessage(symbol: string, { close, end }: Bar): EncodedMessage {
  const sides = { bx: "V", bp: close, bs: 100, ax: "V", ap: close, as: 100 };
  return new EncodedMessage({ T: "q", S: symbol, ...sides, c: ["R"], t: end, z: "C" });
}

/** The symbol of Alpaca's test feed, which always trades. */
export const TEST_SYMBOL = "FAKEPACA";

/** A minute of the test feed that ends at an instant: a price that goes up and down with the hour. */
export function testMinute(end: Instant): EndedBar {
  const minute = Math.floor(end / MINUTE_MS);
  const price = (at: number): number => Math.round(13_400 + 100 * Math.sin((at * Math.PI) / 30)) / 100;
  const [open, close] = [price(minute - 1), price(minute)];
  const start = instant(end - MINUTE_MS);
  const [high, low] = [Math.max(open, close), Math.min(open, close)];
  const bar = { start, end, open, high, low, close, volume: 500, vwap: (open + close) / 2, trades: 5, isDay: false };
  return { symbol: TEST_SYMBOL, bar };
}
