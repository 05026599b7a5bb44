/** Making a session that has the past of another, up to a moment. */
import { randomUUID } from "node:crypto";
import { isRefusal, type Refusal } from "../kernel/index.ts";
import { Continuation } from "./continuation.ts";
import { stateAt, type Moment, type Present } from "./past-state.ts";
import type { RewindParts } from "./rewind.ts";
import type { ForkSpec } from "./types.ts";

export interface Forking {
  readonly owner: string;
  readonly present: Present;
}

/** The new session's id; it is on disk when it resolves. The source stays as it is. */
export async function forkSession(
  parts: RewindParts,
  { owner, present }: Forking,
  spec: ForkSpec,
): Promise<string | Refusal> {
  const moment: Moment = spec.moment ?? { seq: present.lastSeq };
  const found = await stateAt(parts, present, moment);
  if (isRefusal(found)) return found;
  const point = spec.moment === undefined ? { ...found, at: present.clock } : found;
  const on = new Continuation(parts.market, point);
  const refusal = await prepare(on, spec);
  if (refusal !== undefined) return refusal;
  const identity = { id: randomUUID(), owner, createdAt: parts.timestamp() };
  const summary = await on.summarize(identity);
  const { uptoSeq, at, entries } = on;
  await parts.journal.fork({ source: present.summary.id, uptoSeq, at, entries }, summary);
  return identity.id;
}

/** A fork begins paused; with a name, assumptions and money of its own, where it is given them. */
async function prepare(on: Continuation, { name, configure, deposit }: ForkSpec): Promise<Refusal | undefined> {
  on.run({ kind: "pause", reason: "forked" });
  if (name !== undefined) on.run({ kind: "update_session", name, endTime: undefined });
  if (configure !== undefined) on.run({ kind: "configure_session", config: configure(on.state.config) });
  return deposit === undefined ? undefined : on.deposit(deposit);
}
