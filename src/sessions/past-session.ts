/** A session as it was at a moment: everything that can be read of it, and nothing that would change it. */
import { isRefusal, refuse, type Refusal } from "../kernel/index.ts";
import { pastReader } from "./past-reader.ts";
import { movedTo, type PastPoint } from "./past-state.ts";
import { SessionMarket } from "./session-market.ts";
import type { SessionParts } from "./session-parts.ts";
import { SnapshotDamaged } from "./state-snapshots.ts";
import { summarize, type SessionIdentity } from "./summary.ts";
import type { SessionHandle, SessionView, WireIds } from "./types.ts";
import { knownOfNothing } from "./market-views.ts";

export interface PastSource {
  readonly identity: SessionIdentity;
  readonly parts: SessionParts;
  readonly ids: WireIds;
  /** The session as it is. */
  readonly present: SessionHandle;
  /** Finds the moment once more. */
  readonly find: () => Promise<PastPoint | Refusal>;
}

const readOnly = (): Promise<Refusal> =>
  Promise.resolve(refuse("bad_request", "the past can be read, not changed: leave out at, or fork the session"));

/** What one account holds at a moment may name orders by the ids that they have in the session. */
export function pastSession({ identity, parts, ids, present, find }: PastSource, point: PastPoint): SessionHandle {
  let state = movedTo(point);
  const series = new SessionMarket(parts.market, () => state);
  const known = async (symbols: readonly string[]): Promise<SessionView["market"] | Refusal> => {
    const loaded = await series.load(state.clock, symbols);
    return isRefusal(loaded) ? loaded : series.known(loaded);
  };
  const view = (market: SessionView["market"]): SessionView => {
    const { id, createdAt } = identity;
    return { id, createdAt, status: state.status, failure: undefined, state, market, ids };
  };
  return {
    id: identity.id,
    usedTape: () => present.usedTape(),
    get changedDays() {
      return present.changedDays;
    },
    describe: async () => {
      const [now, market] = [await present.describe(), await known([])];
      if (isRefusal(now)) return now;
      return { ...now, ...summarize(identity, state, isRefusal(market) ? knownOfNothing(parts.market) : market) };
    },
    read: async (symbols, query) => {
      const read = async (): Promise<ReturnType<typeof query> | Refusal> => {
        const market = await known(symbols);
        return isRefusal(market) ? market : query(view(market));
      };
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof SnapshotDamaged)) throw error;
        await parts.journal.snapshots(identity.id).clear();
        const again = await find();
        if (isRefusal(again)) return again;
        state = movedTo(again);
        series.forget();
        return read();
      }
    },
    ...pastReader(parts.market, () => Promise.resolve({ at: state.clock })),
    execute: readOnly,
    advanceBy: readOnly,
    advanceUntil: readOnly,
    rewind: readOnly,
    follow: readOnly,
    readersSettled: () => undefined,
    endedBars: (stretch) => present.endedBars(stretch),
    pastEvents: (range) => present.pastEvents(range),
    at: (moment) => present.at(moment),
  };
}
