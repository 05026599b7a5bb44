/** What can be said of a session from its object alone. */
import type { Session } from "../api/types.ts";

export type Standing = "playing" | "paused" | "finished" | "failed";

/** One word for its state. */
export function standingOf({ status, playback_state }: Pick<Session, "status" | "playback_state">): Standing {
  if (status === "failed") return "failed";
  if (status === "completed") return "finished";
  return playback_state;
}

/** How much of its time has passed, 0 to 1. */
export function progressOf(session: Pick<Session, "simulation_start" | "simulation_end" | "current_time">): number {
  const [start, end, now] = [session.simulation_start, session.simulation_end, session.current_time].map((time) =>
    Date.parse(time),
  ) as [number, number, number];
  return end > start ? Math.min(1, Math.max(0, (now - start) / (end - start))) : 1;
}

/** Its name, or the beginning of its id where it has none. */
export const titleOf = ({ name, id }: Pick<Session, "name" | "id">): string =>
  name === null || name.trim() === "" ? `session ${id.slice(0, 8)}` : name;

export interface SessionFilter {
  readonly text: string;
  readonly standing: Standing | "all";
}

/** Those whose name or id has every word, and that stand as asked. */
export function filtered(sessions: readonly Session[], { text, standing }: SessionFilter): readonly Session[] {
  const words = text.toLowerCase().split(/\s+/);
  return sessions.filter((session) => {
    const said = `${session.name ?? ""} ${session.id}`.toLowerCase();
    return words.every((word) => said.includes(word)) && (standing === "all" || standingOf(session) === standing);
  });
}

export interface Placed {
  readonly session: Session;
  /** How many of those above it are its ancestors, of which it was forked. */
  readonly depth: number;
}

/** Forks under what they were forked from, where that is in the list; the order is kept otherwise. */
export function asForest(listed: readonly Session[]): readonly Placed[] {
  const known = new Set(listed.map(({ id }) => id));
  const under = (session: Session, depth: number): readonly Placed[] => [
    { session, depth },
    ...listed.filter(({ parent_id: parent }) => parent === session.id).flatMap((fork) => under(fork, depth + 1)),
  ];
  return listed
    .filter(({ parent_id: parent }) => parent === undefined || !known.has(parent))
    .flatMap((session) => under(session, 0));
}
