/** A stream of server-sent events that tells the past first, then what comes: nothing lost, nothing told twice. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FollowedFrom, SessionHandle } from "../../sessions/index.ts";
import { asksForLockStep } from "./door.ts";
import type { Hubs, Listener, Telling } from "./hubs.ts";
import { openEventStream, type EventStream } from "./sse.ts";

export interface EventTail {
  readonly hubs: Hubs;
  readonly session: SessionHandle;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly symbols: Listener["symbols"];
  /** Tells what was before the reader came, up to there. */
  readonly tellPast: (events: EventStream, upTo: FollowedFrom) => Promise<void>;
  readonly tell: (events: EventStream, telling: Telling) => void;
  /** The last words before the stream ends with its session. */
  readonly ended?: (events: EventStream, why: "deleted" | "closed") => void;
}

/** Throws RefusedRequest while it still can; then the reply is taken over. */
export async function openEventTail(tail: EventTail): Promise<void> {
  const { hubs, session, request, reply, symbols } = tail;
  const state: { events?: EventStream; waiting: Telling[] | undefined } = { waiting: [] };
  const joined = await hubs.join(session, {
    symbols,
    tell: (telling) => {
      if (state.waiting !== undefined) state.waiting.push(telling);
      else if (state.events !== undefined) tail.tell(state.events, telling);
    },
    settled: () => state.events?.settled(),
    drained: () => state.events?.settled(),
    ended: (why) => {
      if (state.events !== undefined) tail.ended?.(state.events, why);
      state.events?.end();
    },
  });
  const events = openEventStream({ reply, isLockStep: asksForLockStep(request), onClose: joined.leave });
  state.events = events;
  try {
    await tail.tellPast(events, joined);
    for (const telling of state.waiting ?? []) tail.tell(events, telling);
    state.waiting = undefined;
  } catch (error) {
    // Nothing but an early end can tell of a fault once the answer has begun.
    request.log.error(error);
    joined.leave();
    events.end();
  }
}
