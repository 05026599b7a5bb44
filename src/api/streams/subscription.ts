/** What a socket of market data has subscribed to: additive, `*` for everything. */
import { TEST_SYMBOL } from "./ticks.ts";

const STOCK_CHANNELS = [
  "trades",
  "quotes",
  "bars",
  "updatedBars",
  "dailyBars",
  "statuses",
  "lulds",
  "corrections",
  "cancelErrors",
  "imbalances",
] as const;

/** The Go SDK asks for it; it is not among the channels that Alpaca documents for every acknowledgement, so it is listed where asked for. */
const UNLISTED_CHANNEL = "imbalances";

/** Channels of a feed, in the order of the acknowledgement. */
export const FEED_CHANNELS = {
  stocks: STOCK_CHANNELS,
  crypto: ["trades", "quotes", "bars", "updatedBars", "dailyBars", "orderbooks"],
  news: ["news"],
  options: ["trades", "quotes"],
  test: STOCK_CHANNELS,
} as const;

export type FeedKind = keyof typeof FEED_CHANNELS;

export type SubscribeProblem = "invalid syntax" | "invalid subscribe action for this feed";

const SYMBOLS_MAX = 100_000;

export class Subscription {
  readonly #kind: FeedKind;
  readonly #channels: ReadonlyMap<string, Set<string>>;

  constructor(kind: FeedKind) {
    this.#kind = kind;
    this.#channels = new Map(FEED_CHANNELS[kind].map((channel) => [channel, new Set<string>()]));
  }

  /** Takes a client's `subscribe` or `unsubscribe`; nothing of it counts where there is a problem. */
  change(message: Readonly<Record<string, unknown>>, isSubscribe: boolean): SubscribeProblem | undefined {
    const { action: _action, ...lists } = message;
    const changes: [Set<string>, readonly string[]][] = [];
    for (const [channel, list] of Object.entries(lists)) {
      if (list === null) continue;
      if (!isSymbolList(list)) return "invalid syntax";
      const symbols = this.#channels.get(channel);
      if (symbols !== undefined) changes.push([symbols, list]);
      else if (list.length > 0) return "invalid subscribe action for this feed";
    }
    for (const [symbols, list] of changes) {
      for (const symbol of list) symbols[isSubscribe ? "add" : "delete"](symbol.toUpperCase());
    }
    this.#followTrades();
    return undefined;
  }

  /** Corrections and cancels come with trades, asked for or not. */
  #followTrades(): void {
    const trades = this.#channels.get("trades") ?? [];
    for (const name of ["corrections", "cancelErrors"]) {
      const channel = this.#channels.get(name);
      channel?.clear();
      for (const symbol of trades) channel?.add(symbol);
    }
  }

  /** Every channel of the feed with its symbols. */
  state(): Readonly<Record<string, readonly string[]>> {
    const listed = [...this.#channels].filter(([channel, symbols]) => channel !== UNLISTED_CHANNEL || symbols.size > 0);
    return Object.fromEntries(listed.map(([channel, symbols]) => [channel, [...symbols]]));
  }

  has(channel: string, symbol: string): boolean {
    const symbols = this.#channels.get(channel);
    return symbols !== undefined && (symbols.has(symbol) || symbols.has("*")) && this.#isOfFeed(symbol);
  }

  /** Symbols whose bars are wanted on any of the channels; "all" where one of them has a `*`. */
  symbols(channels: readonly string[]): ReadonlySet<string> | "all" {
    const wanted = new Set<string>();
    if (this.#kind === "test" || this.#kind === "news" || this.#kind === "options") return wanted;
    for (const channel of channels) {
      for (const symbol of this.#channels.get(channel) ?? []) {
        if (symbol === "*") return "all";
        wanted.add(symbol);
      }
    }
    return wanted;
  }

  #isOfFeed(symbol: string): boolean {
    if (this.#kind === "test") return symbol === TEST_SYMBOL;
    return symbol.includes("/") === (this.#kind === "crypto");
  }
}

const isSymbolList = (list: unknown): list is readonly string[] =>
  Array.isArray(list) && list.length <= SYMBOLS_MAX && list.every((symbol) => typeof symbol === "string");
