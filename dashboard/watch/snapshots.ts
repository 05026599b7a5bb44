/** Last prices and changes of the day, from the API's snapshots: what is not there is left out. */

export interface Watched {
  readonly symbol: string;
  readonly last: number | undefined;
  /** Since the close before, as a fraction. */
  readonly change: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** In the order in which the symbols were asked for. */
export function watchedOf(symbols: readonly string[], answer: unknown): readonly Watched[] {
  const found = fieldsOf(answer);
  return symbols.map((symbol) => {
    const { latestTrade, dailyBar, prevDailyBar } = fieldsOf(found[symbol]);
    const last = numberOf(fieldsOf(latestTrade)["p"]) ?? numberOf(fieldsOf(dailyBar)["c"]);
    const before = numberOf(fieldsOf(prevDailyBar)["c"]);
    return { symbol, last, change: last === undefined || !before ? undefined : last / before - 1 };
  });
}
