/** Answers of a session whose data has changed say so in a header. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { describeDays, type SessionHandle } from "../../sessions/index.ts";

export const DATA_CHANGED_HEADER = "x-tapedeck-data-changed";

const sessions = new WeakMap<FastifyRequest, SessionHandle>();

/** Says which session a request is answered from. */
export function answeredFrom(request: FastifyRequest, session: SessionHandle): void {
  sessions.set(request, session);
}

export function tellDataChanges(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    const days = sessions.get(request)?.changedDays ?? [];
    if (days.length > 0) void reply.header(DATA_CHANGED_HEADER, describeDays(days));
    done(null, payload);
  });
}
