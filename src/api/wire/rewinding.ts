/** Taking a session back: the body that asks for it, and the reply. */
import { Type, type Static } from "typebox";
import { formatInstant, NAME_LENGTH_MAX, refuse } from "../../kernel/index.ts";
import type { Moment, RewindRequest, Rewound } from "../../sessions/index.ts";
import { RefusedRequest } from "./errors.ts";
import { nullable, PLAIN_TEXT, Time } from "./schemas.ts";
import { shown } from "./validation.ts";
import { requiredTime } from "./values.ts";

export const MomentInput = Type.Union([Type.String(), Type.Integer()], {
  description: "A time of the session's past, RFC 3339 with an offset, or the number of an entry of its journal.",
});

export const RewindBody = Type.Object(
  {
    to: MomentInput,
    discard: Type.Optional(Type.Boolean({ description: "Remove what came after; else a fork keeps it." })),
    name: Type.Optional(nullable(Type.String({ maxLength: NAME_LENGTH_MAX, pattern: PLAIN_TEXT }))),
  },
  { additionalProperties: false },
);

export const RewindReply = Type.Object({
  previousTime: Time,
  currentTime: Time,
  journalSeq: Type.Integer({ description: "Of the last entry of the journal." }),
  keptSessionId: nullable(Type.String({ description: "The session that has what came after; null where none has." })),
});

/** A field that names a moment: a time, or the number of an entry. */
export const momentOf = (field: string, moment: unknown): Moment =>
  typeof moment === "number" ? { seq: moment } : { at: requiredTime(field, moment) };

/** What a body asks for; of a message that no schema has checked, too. Throws RefusedRequest. */
export function rewindRequest(
  body: Readonly<Record<string, unknown>>,
  { ownWriters }: Pick<RewindRequest, "ownWriters">,
): RewindRequest {
  const { to, discard, name, ...rest } = body;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw wrong(`${shown(unknown)} is not known here`);
  if (discard !== undefined && typeof discard !== "boolean") {
    throw wrong(`discard must be true or false, got ${shown(discard)}`);
  }
  if (name !== undefined && name !== null && (typeof name !== "string" || name.length > NAME_LENGTH_MAX)) {
    throw wrong(`name must be a text of at most ${NAME_LENGTH_MAX} characters, got ${shown(name)}`);
  }
  return { to: momentOf("to", to), isDiscarding: discard === true, keptName: name ?? undefined, ownWriters };
}

export const presentRewound = ({ before, clock, seq, keptIn }: Rewound): Static<typeof RewindReply> => ({
  previousTime: formatInstant(before),
  currentTime: formatInstant(clock),
  journalSeq: seq,
  keptSessionId: keptIn ?? null,
});

const wrong = (message: string): RefusedRequest => new RefusedRequest(refuse("bad_request", message));
