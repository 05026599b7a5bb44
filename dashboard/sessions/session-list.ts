/** The list of sessions as it is on the server, kept fresh while somebody looks at it. */
import { signal } from "@preact/signals";
import { client } from "../api/access.ts";
import { wordsOf } from "../api/errors.ts";
import type { Performance, Session } from "../api/types.ts";

/** Rows of a page; "more" adds as many. */
const ROWS = 50;

/** Milliseconds between two looks: while a clock runs, and otherwise. */
const PLAYING_MS = 1000;
const RESTING_MS = 5000;

/** Sessions that are asked how they do at once: each may have to be read from its journal. */
const ASKED_AT_ONCE = 2;

/** Undefined until the first answer. */
export const sessions = signal<readonly Session[] | undefined>(undefined);

export const hasMore = signal(false);

export const problem = signal<string | undefined>(undefined);

/** By session: how it does, and at which clock that was. */
export const performances = signal<ReadonlyMap<string, Performance & { readonly at: string }>>(new Map());

let limit = ROWS;

/** Looks at the list now. */
export async function refresh(): Promise<void> {
  try {
    const page = await client.sessions(limit);
    sessions.value = page.sessions;
    hasMore.value = page.next !== undefined;
    problem.value = undefined;
    void askPerformances(page.sessions);
  } catch (error) {
    problem.value = wordsOf(error);
  }
}

/** Shows more of it. */
export async function showMore(): Promise<void> {
  limit += ROWS;
  await refresh();
}

/** Puts one session's new object into the list at once. */
export function replaceInList(session: Session): void {
  sessions.value = sessions.value?.map((each) => (each.id === session.id ? session : each));
}

/** Looks again and again until it is told to stop; not while the page is hidden. */
export function watchSessions(): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    if (!document.hidden) await refresh();
    const isPlaying = sessions.value?.some(({ playback_state }) => playback_state === "playing") === true;
    if (!isOver) timer = setTimeout(() => void look(), isPlaying ? PLAYING_MS : RESTING_MS);
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

let isAsking = false;

async function askPerformances(listed: readonly Session[]): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  const waiting = listed.filter(({ id, current_time }) => performances.value.get(id)?.at !== current_time);
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await askOne(next);
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, work));
  isAsking = false;
}

async function askOne({ id, current_time }: Session): Promise<void> {
  const found = await client.performance(id).catch(() => undefined);
  if (found === undefined) return;
  performances.value = new Map(performances.value).set(id, { ...found, at: current_time });
}
