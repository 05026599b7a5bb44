/** A session's state in the journal's store of snapshots, and back. */
import { deserialize, serialize } from "node:v8";
import {
  freezeState,
  RULES_VERSION,
  stateWasStored,
  thawState,
  type FrozenHead,
  type FrozenSource,
  type State,
} from "../engine/index.ts";
import type { Instant } from "../kernel/index.ts";
import type { SnapshotStore } from "./journal-port.ts";

/** Raise it with every change of what a state is made of: older snapshots are then left aside and made anew. */
export const STATE_FORMAT = "1";

const FORMAT = `${STATE_FORMAT} ${RULES_VERSION} v8-${process.versions.v8.split(".", 1)[0]}`;

/** A page or a head is missing, or not what was stored: the state has to be made from the journal alone. */
export class SnapshotDamaged extends Error {
  override readonly name = "SnapshotDamaged";
}

export interface RestoredState {
  readonly state: State;
  readonly seq: number;
}

/** The newest state up to an entry, as far as there is one of this version. */
export function restoreState(store: SnapshotStore, uptoSeq: number): RestoredState | undefined {
  const found = store.find(FORMAT, uptoSeq);
  if (found === undefined) return undefined;
  return { state: thawState(decode(found.head) as FrozenHead, sourceOf(store, found.seq)), seq: found.seq };
}

/** The entry that a state is of. */
export interface StoredAt {
  readonly seq: number;
  readonly at: Instant;
}

/**
 * Stores what has changed of a state since it was stored last, with the clock of its entry: whoever goes on from there
 * may go another way. No event may happen before it returns its promise.
 */
export async function storeState(store: SnapshotStore, state: State, { seq, at }: StoredAt): Promise<void> {
  const { head: frozen, pages, keys } = freezeState(state);
  const head: FrozenHead = { ...frozen, state: { ...frozen.state, clock: at } };
  const saved = store.save({
    seq,
    format: FORMAT,
    head: serialize(head),
    pages: pages.map(({ list, page, items }) => ({ list, page, content: serialize(items) })),
    keys,
  });
  await saved;
  stateWasStored(state, sourceOf(store, seq));
}

function sourceOf(store: SnapshotStore, seq: number): FrozenSource {
  return {
    page: (list, page) => {
      const content = store.page(seq, list, page);
      if (content === undefined) throw new SnapshotDamaged(`page ${page} of ${list} as of entry ${seq}`);
      return decode(content) as readonly unknown[];
    },
    key: (account, key) => store.key(seq, account, key),
  };
}

function decode(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch {
    throw new SnapshotDamaged("what was stored cannot be read");
  }
}
