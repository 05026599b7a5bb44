/** The symbols that there are, with their last price and change of the day; a click brings one to the chart. */
import { effect, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import { directionOf, percent, price } from "../format/numbers.ts";
import type { SessionStore } from "../store/session-store.ts";
import type { TradeDesk } from "../ticket/trade-desk.ts";
import { watchedOf, type Watched } from "./snapshots.ts";

export interface WatchlistParts {
  readonly store: SessionStore;
  readonly desk: Pick<TradeDesk, "symbol" | "symbols" | "chosen">;
}

/** Milliseconds between two looks while the clock runs. */
const LOOK_MS = 1000;

/** Symbols of one request; the rest is in the chart's own list. */
const SYMBOLS_MAX = 50;

export function Watchlist({ store, desk }: WatchlistParts): JSX.Element | null {
  const watched = useSignal<readonly Watched[]>([]);
  useEffect(() => watch(store, desk, (found) => (watched.value = found)), [store, desk, watched]);
  if (watched.value.length === 0) return null;
  return (
    <nav class="card watch" aria-label="Watchlist">
      <ul>
        {watched.value.map(({ symbol, last, change }) => (
          <li key={symbol}>
            <button
              type="button"
              aria-pressed={symbol === desk.symbol.value}
              onClick={() => {
                desk.chosen.value = symbol;
              }}
            >
              <strong>{symbol}</strong>
              <span>{price(last)}</span>
              <span class={`change ${directionOf(change)}`}>{percent(change)}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Looks at the prices whenever the clock has moved, but not more often than it can be read. */
function watch(
  store: SessionStore,
  { symbols }: WatchlistParts["desk"],
  onFound: (found: readonly Watched[]) => void,
): () => void {
  let isOver = false;
  let seen = "";
  const look = async (): Promise<void> => {
    const [clock, account] = [store.clock.value, store.account.value?.id];
    const wanted = symbols.value.slice(0, SYMBOLS_MAX);
    const key = `${clock} ${account} ${wanted.length}`;
    if (account === undefined || wanted.length === 0 || key === seen || document.hidden) return;
    seen = key;
    const answer = await client.snapshots(store.id, account, wanted).catch(() => undefined);
    if (!isOver && answer !== undefined) onFound(watchedOf(wanted, answer));
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  const stop = effect(() => {
    if (store.account.value !== undefined && symbols.value.length > 0) void look();
  });
  return () => {
    isOver = true;
    clearInterval(timer);
    stop();
  };
}
