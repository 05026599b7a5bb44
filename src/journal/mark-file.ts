/**
 * Clock marks on disk: one slot of 64 bytes for each session, written without a sync, so that kill -9 loses none and a
 * mark costs about a microsecond. A slot that is torn, empty or another branch's reads as no mark.
 */
import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { instant } from "../kernel/index.ts";
import type { PlacedMark } from "./summary.ts";

/** Divides a page of 4,096 bytes, so that no slot lies across two pages. */
const SLOT_BYTES = 64;

/** Doubles at 0: branch, last seq, clock, unrealized P/L; then the CRC-32 of those 32 bytes. */
const BODY_BYTES = 32;

export interface MarkFile {
  /** Writes a mark into a slot; in the page cache when it returns. Throws what the file system throws. */
  readonly write: (slot: number, branch: number, mark: PlacedMark) => void;
  /** The mark of a session on a branch, or undefined where the slot holds none of it. */
  readonly read: (slot: number, branch: number) => PlacedMark | undefined;
  /** Syncs and closes. */
  readonly close: () => void;
}

/** Opens the file, creating it where it is missing: a lost file costs marks, never entries. */
export function openMarkFile(path: string): MarkFile {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const buffer = Buffer.alloc(SLOT_BYTES);
  const body = buffer.subarray(0, BODY_BYTES);
  return {
    write: (slot, branch, mark) => {
      buffer.writeDoubleLE(branch, 0);
      buffer.writeDoubleLE(mark.lastSeq, 8);
      buffer.writeDoubleLE(mark.clock, 16);
      buffer.writeDoubleLE(mark.totalUnrealizedPnl, 24);
      buffer.writeUInt32LE(crc32(body), BODY_BYTES);
      writeSync(file, buffer, 0, SLOT_BYTES, slot * SLOT_BYTES);
    },
    read: (slot, branch) => {
      const length = readSync(file, buffer, 0, SLOT_BYTES, slot * SLOT_BYTES);
      return length === SLOT_BYTES ? readMark(buffer, branch) : undefined;
    },
    close: () => {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** The mark of a session on a branch in the whole content of a file of marks. */
export const markIn = (content: Buffer, slot: number, branch: number): PlacedMark | undefined =>
  readMark(content.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES), branch);

function readMark(slot: Buffer, branch: number): PlacedMark | undefined {
  if (slot.length !== SLOT_BYTES) return undefined;
  if (slot.readUInt32LE(BODY_BYTES) !== crc32(slot.subarray(0, BODY_BYTES))) return undefined;
  // Slots are reused; branches are not. The mark of a deleted session, or of one that went back, is thus never taken.
  if (slot.readDoubleLE(0) !== branch) return undefined;
  return {
    lastSeq: slot.readDoubleLE(8),
    clock: instant(slot.readDoubleLE(16)),
    totalUnrealizedPnl: slot.readDoubleLE(24),
  };
}
