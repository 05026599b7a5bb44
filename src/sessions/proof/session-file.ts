/** The form of a session file: gzip'd lines, and behind them a seal over every byte (docs/reference/session-file.md). */
import { crc32 } from "node:zlib";
import type { EngineConfig } from "../../engine/index.ts";
import type { SessionSummary } from "../journal-port.ts";
import type { UsedSymbol } from "./used-data.ts";

export const SESSION_FILE_FORMAT = "tapedeck-session";
export const SESSION_FILE_VERSION = 1;
/** With the bars that the session has used. */
export const SESSION_FILE_WITH_BARS = 2;

/** The first line. */
export interface FileHeader {
  readonly format: typeof SESSION_FILE_FORMAT;
  readonly version: typeof SESSION_FILE_VERSION | typeof SESSION_FILE_WITH_BARS;
  /** Program and version that wrote it. */
  readonly by: string;
  readonly session: Pick<SessionSummary, "createdAt" | "clock"> & {
    readonly name: string | null;
    readonly failure: string | null;
  };
  readonly config: EngineConfig;
  readonly head: { readonly seq: number; readonly hash: string };
  /** What was used of each symbol. */
  readonly data: readonly Pick<UsedSymbol, "symbol" | "from" | "to" | "days" | "bars" | "hash">[];
  /** Lines about days of bars that follow the entries. */
  readonly pins: number;
}

/**
 * What stands before the packed lines: no flags, no time, no name, no system. Fixed, since nothing else would notice a
 * change in it.
 */
export const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** A stored block that is the last one, and its length twice. */
const STORED_BYTES = 5;
const GZIP_TRAILER_BYTES = 8;

/** A gzip member of its own, not packed: the same for the same hash, to the byte. `sha256` is hexadecimal. */
export function sealOf(sha256: string): Buffer {
  const text = Buffer.from(`{"sha256":"${sha256}"}\n`);
  const seal = Buffer.alloc(GZIP_HEADER.length + STORED_BYTES + text.length + GZIP_TRAILER_BYTES);
  GZIP_HEADER.copy(seal);
  seal.writeUInt8(1, 10);
  seal.writeUInt16LE(text.length, 11);
  seal.writeUInt16LE(text.length ^ 0xffff, 13);
  text.copy(seal, 15);
  seal.writeUInt32LE(crc32(text), 15 + text.length);
  seal.writeUInt32LE(text.length, 19 + text.length);
  return seal;
}

export const SEAL_BYTES = sealOf("0".repeat(64)).length;
