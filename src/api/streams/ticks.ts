/** Messages of market data made from bars that have ended: the bar, the trade and the quote it ended with, the day so far. */
import { instant, MINUTE_MS, type Bar, type Instant } from "../../kernel/index.ts";
import type { EndedBar } from "../../sessions/index.ts";
import { endOf, quoteFields, tradeFields } from "../alpaca/market-data.ts";
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
      return new EncodedMessage({ T: "t", S: symbol, ...tradeFields(endOf(bar)), t: bar.end });
    case "quotes":
      return new EncodedMessage({ T: "q", S: symbol, ...quoteFields(endOf(bar)), t: bar.end });
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
