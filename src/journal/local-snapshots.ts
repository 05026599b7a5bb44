/** Snapshots in the database: heads, pages and keys of states, each under the branch and the entry that it is of. */
import { crc32 } from "node:zlib";
import type { Snapshot, SnapshotStore } from "../sessions/index.ts";
import { placesOf, type Segment } from "./lineage.ts";
import { headOf, type LocalParts } from "./local-parts.ts";
import { toText } from "./session-row.ts";

/** The driver gives blobs as plain buffers. */
interface BlobRow {
  readonly content: ArrayBuffer;
  readonly checksum: number;
}

interface SnapshotRow {
  readonly seq: number;
  readonly head: ArrayBuffer;
  readonly checksum: number;
}

/** The bytes, where their checksum holds. */
function soundBytes(blob: ArrayBuffer, checksum: number): Uint8Array | undefined {
  const bytes = new Uint8Array(blob);
  return crc32(bytes) === checksum ? bytes : undefined;
}

/** `reading` runs a query once the session's entries are all in the database. */
export function localSnapshots(parts: LocalParts, id: string, reading: <T>(query: () => T) => T): SnapshotStore {
  const { statements, commits } = parts;
  const newest = (upTo: number): readonly Segment[] => {
    const head = headOf(parts, id);
    return head === undefined ? [] : placesOf(parts, head.branch, upTo).toReversed();
  };
  return {
    save: (snapshot) => commits.submitLazily(() => saveSnapshot(parts, id, snapshot)),
    find: (format, uptoSeq) =>
      reading(() => {
        for (const { branch, after, upTo } of newest(uptoSeq)) {
          const rows = statements.findSnapshots.all(branch, after, upTo, format) as SnapshotRow[];
          for (const { seq, head: blob, checksum } of rows) {
            const head = soundBytes(blob, checksum);
            if (head !== undefined) return { seq, head };
          }
        }
        return undefined;
      }),
    page: (seq, list, page) =>
      reading(() => {
        for (const { branch, upTo } of newest(seq)) {
          const row = statements.findPage.get(branch, list, page, upTo) as BlobRow | undefined;
          if (row !== undefined) return soundBytes(row.content, row.checksum);
        }
        return undefined;
      }),
    key: (seq, account, key) =>
      reading(() => {
        for (const { branch, upTo } of newest(seq)) {
          const row = statements.findKey.get(branch, account, toText(key), upTo) as { ordinal: number } | undefined;
          if (row !== undefined) return row.ordinal;
        }
        return undefined;
      }),
    clear: () =>
      commits.submitLazily(() => {
        const branch = headOf(parts, id)?.branch;
        if (branch !== undefined) statements.deleteSnapshots.run(branch, 0);
      }),
  };
}

function saveSnapshot(parts: LocalParts, id: string, { seq, format, head, pages, keys }: Snapshot): void {
  const { statements } = parts;
  const branch = headOf(parts, id)?.branch;
  // A session that has just been deleted needs none.
  if (branch === undefined) return;
  statements.insertSnapshot.run(branch, seq, format, head, crc32(head));
  for (const { list, page, content } of pages)
    statements.insertPage.run(branch, list, page, seq, content, crc32(content));
  for (const { account, key, ordinal } of keys) statements.insertKey.run(branch, account, toText(key), seq, ordinal);
}
