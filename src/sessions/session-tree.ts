/** A session's family: whom it was forked from, and what was forked from it. */
import type { Journal, SessionSummary } from "./journal-port.ts";
import type { Relation } from "./types.ts";

type Summaries = Pick<Journal, "find" | "forksOf">;

/** A session's summary, if it is this owner's. */
export async function ownedSummary(
  journal: Pick<Journal, "find">,
  owner: string,
  id: string,
): Promise<SessionSummary | undefined> {
  const summary = await journal.find(id);
  return summary?.owner === owner ? summary : undefined;
}

/** Everyone who has an ancestor in common with it, in order; undefined where there is no such session. */
export async function treeOf(journal: Summaries, owner: string, id: string): Promise<readonly Relation[] | undefined> {
  let root = await ownedSummary(journal, owner, id);
  while (root?.origin !== undefined && !root.origin.isDeleted) {
    const parent = await ownedSummary(journal, owner, root.origin.session);
    if (parent === undefined) break;
    root = parent;
  }
  if (root === undefined) return undefined;
  const family: Relation[] = [];
  const waiting: Relation[] = [{ session: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { session, depth } = next;
    family.push(next);
    const forks = await journal.forksOf(session.id);
    waiting.push(...forks.map((fork) => ({ session: fork, depth: depth + 1 })).toReversed());
  }
  return family;
}
