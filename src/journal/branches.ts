/** Branches that no session goes on with: what forks still share of them stays, the rest is removed little by little. */
import type { LocalParts } from "./local-parts.ts";

/** Rows that are removed in one go: some milliseconds, then others get a turn. */
const SLICE_ROWS = 2000;

/** Removes a branch, and those before it that nobody needs then. A session's own branch stays as it is. */
export async function abandon(parts: LocalParts, branch: number): Promise<void> {
  let left: number | undefined = branch;
  while (left !== undefined) left = await removeUnshared(parts, left);
}

/** The same after what it follows from is durable, and so cannot fail any more: what is left goes at the next start. */
export const abandonIfPossible = (parts: LocalParts, branch: number): Promise<void> =>
  abandon(parts, branch).catch(() => undefined);

/** Goes on where the end of a process, or a full disk, has cut it short. */
export async function abandonLeftovers(parts: LocalParts): Promise<void> {
  const rows = parts.statements.listAbandoned.all() as { number: number }[];
  for (const { number } of rows) await abandon(parts, number);
}

/** Gives the branch before it, if this one is gone altogether. */
async function removeUnshared(parts: LocalParts, branch: number): Promise<number | undefined> {
  const { statements, commits } = parts;
  for (;;) {
    const step = await commits.submitLazily((): "more" | "done" | { readonly parent: number | null } => {
      const shared = sharedUpTo(parts, branch);
      if (shared === "all") return "done";
      if (removeSlice(parts, branch, shared)) return "more";
      if (shared > 0) return "done";
      const row = statements.findBranch.get(branch) as { parent: number | null } | undefined;
      statements.deleteBranch.run(branch);
      return { parent: row?.parent ?? null };
    });
    if (step === "more") continue;
    return step === "done" ? undefined : (step.parent ?? undefined);
  }
}

/** The last entry of a branch that others go on from; 0 where none does. */
function sharedUpTo({ statements }: LocalParts, branch: number): number | "all" {
  if (statements.findSessionOnBranch.get(branch) !== undefined) return "all";
  return (statements.findSharedUpTo.get(branch) as { seq: number | null }).seq ?? 0;
}

/** Whether there may be more. */
function removeSlice({ statements }: LocalParts, branch: number, after: number): boolean {
  statements.deleteSnapshots.run(branch, after);
  const removed = [
    statements.deleteEntries.run(branch, after, SLICE_ROWS),
    statements.deletePages.run(branch, after, SLICE_ROWS),
    statements.deleteKeys.run(branch, after, SLICE_ROWS),
  ];
  return removed.some(({ changes }) => changes === SLICE_ROWS);
}
