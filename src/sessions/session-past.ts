/** What can be done with the past of a session: read it as it was, fork it, go back to it. */
import { isRefusal, type Refusal } from "../kernel/index.ts";
import { forkSession } from "./fork.ts";
import { pastSession } from "./past-session.ts";
import { stateAt, type Moment, type Present } from "./past-state.ts";
import { rewindTo, type RewindParts } from "./rewind.ts";
import type { SessionParts } from "./session-parts.ts";
import type { SessionWriter } from "./session-writer.ts";
import type { SessionIdentity } from "./summary.ts";
import type { Turns } from "./turns.ts";
import type { ForkSpec, RewindRequest, Rewound, SessionHandle } from "./types.ts";

export interface PastOfSession {
  readonly identity: SessionIdentity;
  readonly parts: SessionParts;
  readonly turns: Turns;
  readonly writer: SessionWriter;
  readonly handle: SessionHandle;
  readonly present: () => Present & { readonly isPlaying: boolean };
}

export class SessionPast {
  readonly #of: PastOfSession;

  constructor(session: PastOfSession) {
    this.#of = session;
  }

  readonly at = (moment: Moment): Promise<SessionHandle | Refusal> =>
    this.#inTurn(async (parts) => {
      const { identity, writer, handle, present } = this.#of;
      const find = (): ReturnType<typeof stateAt> => stateAt(parts, present(), moment);
      const point = await find();
      if (isRefusal(point)) return point;
      return pastSession({ identity, parts: this.#of.parts, ids: writer.ids, present: handle, find }, point);
    });

  /** Leaves the session as it is; gives the id of the new one. */
  readonly fork = (spec: ForkSpec): Promise<string | Refusal> =>
    this.#inTurn((parts) => forkSession(parts, { owner: this.#of.identity.owner, present: this.#of.present() }, spec));

  readonly rewind = (request: RewindRequest): Promise<Rewound | Refusal> =>
    this.#inTurn(async (parts) => {
      const { identity, writer } = this.#of;
      const present = this.#of.present();
      const { isPlaying } = present;
      const { epochs, followers } = writer;
      const session = { identity, epochs, present, isPlaying, writers: followers.writers };
      const restored = await rewindTo(parts, session, request);
      if (isRefusal(restored)) return restored;
      writer.restore(restored);
      return restored.rewound;
    });

  #inTurn<T>(work: (parts: RewindParts) => Promise<T | Refusal>): Promise<T | Refusal> {
    const { turns, writer, parts, present } = this.#of;
    const { guard } = writer;
    return turns.take(async () => {
      // It speaks of the clock, which a command that failed may have left further on.
      await writer.withSoundState(() => guard.check());
      const { journal, market, wall } = parts;
      const dataProblem = guard.refusalFor({ kind: "advance", until: present().clock });
      return work({
        journal,
        market,
        dataProblem,
        sliceClock: () => wall.elapsedMs(),
        timestamp: () => wall.timestamp(),
      });
    });
  }
}
