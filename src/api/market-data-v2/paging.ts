/** Pages over several symbols: by symbol, then by time; a page may end within a symbol. */
import type { Instant } from "../../kernel/index.ts";
import type { HistoryQuery, PagePlace } from "./history-query.ts";

/** Data points of one symbol, each with its label. */
export interface SymbolPage<T> {
  readonly items: readonly { readonly label: Instant; readonly item: T }[];
  readonly isLast: boolean;
}

export type ReadPage<T> = (
  symbol: string,
  wanted: { readonly after: Instant | undefined; readonly limit: number },
) => Promise<SymbolPage<T>>;

export interface FoundPage<T> {
  /** Symbols without data are missing. */
  readonly found: Readonly<Record<string, T[]>>;
  /** Null at the end: clients loop for ever on anything else. */
  readonly nextPageToken: string | null;
}

/** `symbols` are sorted. */
export async function pageOver<T>(
  symbols: readonly string[],
  query: HistoryQuery,
  read: ReadPage<T>,
): Promise<FoundPage<T>> {
  const found: Record<string, T[]> = {};
  const { place } = query;
  let count = 0;
  let next: PagePlace | undefined;
  for (const symbol of symbols) {
    if (place !== undefined && symbol < place.symbol) continue;
    if (count >= query.limit) {
      next = { symbol, after: undefined };
      break;
    }
    const after = symbol === place?.symbol ? place.after : undefined;
    const { items, isLast } = await read(symbol, { after, limit: query.limit - count });
    if (items.length > 0) found[symbol] = items.map(({ item }) => item);
    count += items.length;
    const last = items.at(-1);
    if (isLast || last === undefined) continue;
    next = { symbol, after: last.label };
    break;
  }
  return { found, nextPageToken: next === undefined ? null : query.tokenOf(next) };
}
