/** Advancing a session's clock: by a duration, to a time, or until something happens. */
import { Type, type Static } from "typebox";
import { formatInstant, MINUTE_MS, refuse } from "../../kernel/index.ts";
import type { Awaited, Outcome, SessionHandle } from "../../sessions/index.ts";
import { RefusedRequest } from "./errors.ts";
import { nullable, Time } from "./schemas.ts";
import { shown } from "./validation.ts";
import { minutesToMs, requiredTime } from "./values.ts";

/** Longest advance in minutes: the whole calendar, 41 years. */
const DURATION_MINUTES_MAX = 41 * 366 * 24 * 60;

const EVENTS = ["next_bar", "next_fill", "next_order_event", "next_open", "next_close"] as const;

export const AdvanceBody = Type.Object(
  {
    duration: Type.Optional(
      nullable(Type.Number({ exclusiveMinimum: 0, description: "Minutes; fractions to the millisecond." })),
    ),
    targetTime: Type.Optional(nullable(Type.String({ description: "RFC 3339 with an offset; not before the clock." }))),
    until: Type.Optional(nullable(Type.String({ description: `One of ${EVENTS.join(", ")}, or a time.` }))),
    symbol: Type.Optional(nullable(Type.String({ description: "Whose bar next_bar waits for." }))),
    notAfter: Type.Optional(
      nullable(Type.String({ description: "The latest time that until waits for; default the next regular close." })),
    ),
  },
  { additionalProperties: false, description: "One of duration, targetTime and until; none of them is one minute." },
);

export type AdvanceJson = Static<typeof AdvanceBody>;

export const AdvanceReply = Type.Object({
  previousTime: Time,
  currentTime: Time,
  simulationEnd: Time,
  isCompleted: Type.Boolean(),
  isReached: Type.Optional(Type.Boolean({ description: "With until: whether it came, or the time to wait ran out." })),
});

const bad = (message: string): RefusedRequest => new RefusedRequest(refuse("bad_request", message));

/** Throws RefusedRequest for a body that cannot be. */
export function advance(session: SessionHandle, body: AdvanceJson): ReturnType<SessionHandle["advanceBy"]> {
  const given = (["duration", "targetTime", "until"] as const).filter(
    (field) => body[field] !== undefined && body[field] !== null,
  );
  if (given.length > 1) throw bad(`give ${given[0]} or ${given[1]}, not both`);
  for (const field of ["symbol", "notAfter"] as const) {
    if (typeof body[field] === "string" && given[0] !== "until") throw bad(`${field} belongs to until`);
  }
  if (given[0] === "until") return advanceUntil(session, body);
  if (given[0] === "targetTime") {
    return session.execute({ kind: "advance", until: requiredTime("targetTime", body.targetTime) });
  }
  return session.advanceBy(given[0] === "duration" ? durationMs(body.duration) : MINUTE_MS);
}

function durationMs(duration: number | null | undefined): number {
  const minutes = duration ?? 0;
  if (minutes > DURATION_MINUTES_MAX) {
    throw bad(`duration must be at most ${DURATION_MINUTES_MAX} minutes, got ${shown(minutes)}`);
  }
  const ms = minutesToMs(minutes);
  if (ms === 0) throw bad(`duration must be at least a millisecond, got ${shown(minutes)} minutes`);
  return ms;
}

function advanceUntil(
  session: SessionHandle,
  { until, symbol, notAfter }: AdvanceJson,
): ReturnType<SessionHandle["advanceBy"]> {
  const awaited = awaitedOf(until ?? "", symbol ?? undefined);
  const bound = notAfter === undefined || notAfter === null ? undefined : requiredTime("notAfter", notAfter);
  return session.advanceUntil({ awaited, notAfter: bound });
}

function awaitedOf(until: string, symbol: string | undefined): Awaited {
  const kind = EVENTS.find((event) => event === until);
  if (symbol !== undefined && kind !== "next_bar") throw bad("symbol belongs to next_bar");
  if (kind === "next_bar") {
    if (symbol === undefined || symbol === "") throw bad("next_bar needs a symbol");
    return { kind, symbol: symbol.toUpperCase() };
  }
  if (kind !== undefined) return { kind };
  if (/^\d{4}-/.test(until)) return { kind: "time", at: requiredTime("until", until) };
  throw bad(`until must be one of ${EVENTS.join(", ")}, or a time, got ${shown(until)}`);
}

export function presentAdvance({ clockBefore, view, isReached }: Outcome): Static<typeof AdvanceReply> {
  return {
    previousTime: formatInstant(clockBefore),
    currentTime: formatInstant(view.state.clock),
    simulationEnd: formatInstant(view.state.endTime),
    isCompleted: view.state.status === "completed",
    ...(isReached === undefined ? {} : { isReached }),
  };
}
