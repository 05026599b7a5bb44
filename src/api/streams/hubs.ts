/** The hubs of all sessions that somebody listens to. */
import { refuse, STREAMS_PER_SESSION_MAX } from "../../kernel/index.ts";
import type { AssetCatalog, FollowEnd, FollowedFrom, SessionHandle } from "../../sessions/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { Hub, type Joined, type Listener } from "./hub.ts";

export type { Happening, Joined, Listener, Telling } from "./hub.ts";

export interface Hubs {
  /** Throws RefusedRequest: too_many, or not_found for a session that was deleted meanwhile. */
  readonly join: (session: SessionHandle, listener: Listener, onJoin?: (from: FollowedFrom) => void) => Promise<Joined>;
  /** Ends every stream: the server is closing. */
  readonly close: () => void;
}

export function createHubs(catalog: AssetCatalog): Hubs {
  const hubs = new Map<string, Hub>();
  const allSymbols = (): readonly string[] => catalog.assets().map(({ symbol }) => symbol);
  const hubOf = (session: SessionHandle): Hub => {
    const known = hubs.get(session.id);
    if (known !== undefined) return known;
    const hub = new Hub({ session, assetOf: catalog.findAsset, allSymbols });
    hubs.set(session.id, hub);
    return hub;
  };
  return {
    close: () => {
      for (const hub of hubs.values()) hub.close();
    },
    join: async (session, listener, onJoin) => {
      const hub = hubOf(session);
      if (hub.size >= STREAMS_PER_SESSION_MAX) {
        throw new RefusedRequest(refuse("too_many", `a session has at most ${STREAMS_PER_SESSION_MAX} streams`));
      }
      const forget = (): void => {
        if (hub.size === 0 && hubs.get(session.id) === hub) hubs.delete(session.id);
      };
      const told = {
        ...listener,
        ended: (why: FollowEnd): void => {
          hubs.delete(session.id);
          listener.ended(why);
        },
      };
      const joined = await hub.join(told, onJoin);
      return {
        ...joined,
        leave: () => {
          joined.leave();
          forget();
        },
      };
    },
  };
}
