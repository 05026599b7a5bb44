/** What has happened in a session, told again from its journal: each event with the session as it was right after it. */
import { apply, createState, setClock, type EngineEvent, type State } from "../engine/index.ts";
import { assert, instant, isRefusal, MINUTE_MS, type Instant } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import type { Journal, JournalEntry } from "./journal-port.ts";
import { knownAt, knownOfNothing } from "./market-views.ts";
import { restoreState } from "./state-snapshots.ts";
import type { PastEvent, SessionView } from "./types.ts";

export interface PastParts {
  readonly journal: Pick<Journal, "read" | "snapshots">;
  readonly market: Market;
  /** What does not change of the session's view. */
  readonly identity: Pick<SessionView, "id" | "createdAt" | "ids">;
}

/** Events of the entries `after` < seq ≤ `upTo`, oldest first; those since the last snapshot have to be read for it. */
export async function* pastEvents(
  { journal, market, identity }: PastParts,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<PastEvent> {
  const from = after > 0 ? restoreState(journal.snapshots(identity.id), after) : undefined;
  let state: State | undefined = from?.state;
  for await (const entry of journal.read(identity.id, (from?.seq ?? 0) + 1)) {
    if (entry.seq > upTo) return;
    const loaded = state !== undefined && entry.seq > after ? await loadFor(market, state, entry) : undefined;
    for (const [index, event] of entry.events.entries()) {
      state = applied(state, event);
      if (entry.seq > after) yield { seq: entry.seq, index, event, view: viewAt(event.at, state, loaded) };
    }
    if (state !== undefined) setClock(state, entry.at);
  }

  function viewAt(at: Instant, then: State, loaded: LoadedMarket | undefined): SessionView {
    setClock(then, at);
    const known = loaded === undefined ? knownOfNothing(market) : knownAt(market, loaded, at);
    return { ...identity, status: then.status, failure: undefined, state: then, market: known };
  }
}

function applied(state: State | undefined, event: EngineEvent): State {
  if (event.kind === "session_created") return createState(event);
  assert(state !== undefined, "Invariant: a journal begins with its session");
  apply(state, event);
  return state;
}

/** Only a trailing stop shows what the market did: its mark. */
async function loadFor(market: Market, state: State, entry: JournalEntry): Promise<LoadedMarket | undefined> {
  const trailing = [...state.orders].filter(({ type }) => type === "trailing_stop");
  if (trailing.length === 0) return undefined;
  const from = Math.min(...trailing.map(({ markFrom }) => markFrom)) - MINUTE_MS;
  const until: Instant = entry.at;
  const symbols = [...new Set(trailing.map(({ symbol }) => symbol))];
  const loaded = await market.load({ symbols, from: instant(from), until });
  return isRefusal(loaded) || loaded.coveredUntil < until ? undefined : loaded;
}
