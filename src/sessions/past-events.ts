/** What has happened in a session, told again from its journal: each event with the session as it was right after it. */
import { apply, createState, setClock, type State } from "../engine/index.ts";
import { instant, isRefusal, MINUTE_MS, type Instant } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import type { Journal, JournalEntry } from "./journal-port.ts";
import { knownAt, knownOfNothing } from "./market-views.ts";
import type { PastEvent, SessionView } from "./types.ts";

export interface PastParts {
  readonly journal: Pick<Journal, "read">;
  readonly market: Market;
  /** What does not change of the session's view. */
  readonly identity: Pick<SessionView, "id" | "createdAt" | "ids">;
}

/** Events of the entries `after` < seq ≤ `upTo`, oldest first. All entries before have to be read for it. */
export async function* pastEvents(
  { journal, market, identity }: PastParts,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<PastEvent> {
  let state: State | undefined;
  for await (const entry of journal.read(identity.id, 1)) {
    if (entry.seq > upTo) return;
    const loaded = state !== undefined && entry.seq > after ? await loadFor(market, state, entry) : undefined;
    for (const [index, event] of entry.events.entries()) {
      if (event.kind === "session_created") state = createState(event);
      else if (state !== undefined) apply(state, event);
      if (state === undefined || entry.seq <= after) continue;
      setClock(state, event.at);
      const known = loaded === undefined ? knownOfNothing(market) : knownAt(market, loaded, event.at);
      const view = { ...identity, status: state.status, failure: undefined, state, market: known };
      yield { seq: entry.seq, index, event, view };
    }
    if (state !== undefined) setClock(state, entry.at);
  }
}

/** Only a trailing stop shows what the market did: its mark. */
async function loadFor(market: Market, state: State, entry: JournalEntry): Promise<LoadedMarket | undefined> {
  const trailing = state.orders.filter(({ type }) => type === "trailing_stop");
  if (trailing.length === 0) return undefined;
  const from = Math.min(...trailing.map(({ markFrom }) => markFrom)) - MINUTE_MS;
  const until: Instant = entry.at;
  const symbols = [...new Set(trailing.map(({ symbol }) => symbol))];
  const loaded = await market.load({ symbols, from: instant(from), until });
  return isRefusal(loaded) || loaded.coveredUntil < until ? undefined : loaded;
}
