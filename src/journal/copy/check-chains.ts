/** Whether each session's chain of hashes holds, from the first entry to the last; what several share is read once. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { chainHash, GENESIS_HASH } from "../chain.ts";
import { findEntry, segmentsOf, type Segment } from "../lineage.ts";
import type { Statements } from "../statements.ts";
import type { StoredEntry } from "../../sessions/index.ts";

/** Entries in one query. */
const PAGE_ENTRIES = 200;

/** A session in a copy, with the end of its chain. */
export interface CheckedSession {
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
  /** The first entry that is not the one that was written; undefined where all are. */
  readonly damagedAt: number | undefined;
}

interface SessionPlace {
  readonly id: string;
  readonly branch: number;
  readonly last_seq: number;
  readonly last_hash: string;
}

/** How far a branch was read: up to an entry that holds, or to the first that does not. */
interface Reading {
  upTo: number;
  hash: string;
  damagedAt: number | undefined;
}

/** Every session, oldest first. `check` runs now and then, and throws where the work is to end. */
export async function checkChains(statements: Statements, check: () => void): Promise<readonly CheckedSession[]> {
  const checking = checkAll(statements);
  for (;;) {
    const step = checking.next();
    if (step.done === true) return step.value;
    await nextTurn();
    check();
  }
}

/** The same at one go. */
export function checkChainsNow(statements: Statements): readonly CheckedSession[] {
  const checking = checkAll(statements);
  for (;;) {
    const step = checking.next();
    if (step.done === true) return step.value;
  }
}

/** Yields where others may have a turn. */
type Steps<T> = Generator<undefined, T>;

function* checkAll(statements: Statements): Steps<readonly CheckedSession[]> {
  const checking = { statements, readings: new Map<number, Reading>() };
  const checked: CheckedSession[] = [];
  for (const { id, branch, last_seq: seq, last_hash: hash } of statements.listPlaces.all() as SessionPlace[]) {
    const segments = segmentsOf({ statements }, branch, seq);
    const damagedAt = yield* firstDamaged(checking, segments, { seq, hash });
    checked.push({ id, seq, hash, damagedAt });
  }
  return checked;
}

interface Checking {
  readonly statements: Statements;
  readonly readings: Map<number, Reading>;
}

function* firstDamaged(
  checking: Checking,
  segments: readonly Segment[],
  last: { readonly seq: number; readonly hash: string },
): Steps<number | undefined> {
  const { statements } = checking;
  let reached = 0;
  for (const [index, segment] of segments.entries()) {
    if (segment.after !== reached) return reached + 1;
    const before = index === 0 ? GENESIS_HASH : findEntry({ statements }, segments, segment.after)?.hash;
    const reading = yield* readUpTo(checking, segment, before ?? "");
    if (reading.damagedAt !== undefined && reading.damagedAt <= segment.upTo) return reading.damagedAt;
    reached = segment.upTo;
  }
  const end = findEntry({ statements }, segments, last.seq);
  return reached < last.seq || end?.hash !== last.hash ? Math.min(reached + 1, last.seq) : undefined;
}

function* readUpTo({ statements, readings }: Checking, segment: Segment, before: string): Steps<Reading> {
  const { branch, after, upTo } = segment;
  const reading = readings.get(branch) ?? { upTo: after, hash: before, damagedAt: undefined };
  readings.set(branch, reading);
  while (reading.upTo < upTo && reading.damagedAt === undefined) {
    yield;
    const page = statements.readEntries.all(branch, reading.upTo, upTo, PAGE_ENTRIES) as StoredEntry[];
    if (page.length === 0) reading.damagedAt = reading.upTo + 1;
    for (const { seq, hash, payload } of page) {
      if (seq !== reading.upTo + 1 || chainHash(reading.hash, payload) !== hash) {
        reading.damagedAt = reading.upTo + 1;
        break;
      }
      reading.upTo = seq;
      reading.hash = hash;
    }
  }
  return reading;
}
