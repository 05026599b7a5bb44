/** Where a session's entries lie: on its own branch, and before that on those that it goes on from. */
import type { LocalParts } from "./local-parts.ts";

/** Entries `after` < seq ≤ `upTo` of a branch. */
export interface Segment {
  readonly branch: number;
  readonly after: number;
  readonly upTo: number;
}

interface BranchRow {
  readonly parent: number | null;
  readonly base_seq: number;
}

/** Oldest first; those that have entries. */
export const segmentsOf = (parts: Pick<LocalParts, "statements">, branch: number, upTo: number): readonly Segment[] =>
  placesOf(parts, branch, upTo).filter((segment) => segment.upTo > segment.after);

/** The same with those that may only have a state of the entry that they go on from. */
export function placesOf(parts: Pick<LocalParts, "statements">, branch: number, upTo: number): readonly Segment[] {
  const segments: Segment[] = [];
  let [number, end]: [number | null, number] = [branch, upTo];
  while (number !== null && end > 0) {
    const row = parts.statements.findBranch.get(number) as BranchRow | undefined;
    const after = row?.base_seq ?? 0;
    if (end >= after) segments.push({ branch: number, after, upTo: end });
    number = row?.parent ?? null;
    end = Math.min(end, after);
  }
  return segments.toReversed();
}

/** The one of a session's branches that has an entry. */
export const branchOf = (segments: readonly Segment[], seq: number): number | undefined =>
  segments.find(({ after, upTo }) => seq > after && seq <= upTo)?.branch;

export interface EntryRow {
  readonly at: number;
  readonly hash: string;
}

/** Clock and hash of an entry; undefined where there is none. */
export function findEntry(
  { statements }: Pick<LocalParts, "statements">,
  segments: readonly Segment[],
  seq: number,
): EntryRow | undefined {
  const branch = branchOf(segments, seq);
  return branch === undefined ? undefined : (statements.findEntry.get(branch, seq) as EntryRow | undefined);
}

/** The last entry whose clock is not after an instant, by halving: clocks never go back along a journal. */
export function seqAt(parts: Pick<LocalParts, "statements">, segments: readonly Segment[], at: number): number {
  let [low, high] = [0, segments.at(-1)?.upTo ?? 0];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const entry = findEntry(parts, segments, middle);
    if (entry !== undefined && entry.at <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
