/**
 * The log in front of the database: what a client is told is on it first, with one write and one sync for a whole group.
 * Its space is taken beforehand and used again, so that a sync has no file length to note. See journal-layout.md.
 */
import { randomInt } from "node:crypto";
import { closeSync, constants, existsSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { AppError } from "../kernel/index.ts";

/** Before each record, little-endian: bytes of its text, CRC-32 of what follows it, generation, group, what is left of that. */
const HEADER_BYTES = 20;
const CHECKED_FROM = 8;

/** The file grows by this. */
const EXTENT_BYTES = 1_048_576;

/** Looks at a log that somebody writes to: what is damaged in all of them is. */
const LIVE_TRIES_MAX = 10;

/** A record that was read again. */
export interface LogRecord {
  readonly text: string;
  /** Whether its checksum does not hold, though there are sound records of later groups. */
  readonly isDamaged: boolean;
}

export interface AppendLog {
  /** What was on it when it was opened, oldest first. */
  readonly found: readonly LogRecord[];
  /** Bytes since the last restart. */
  readonly size: number;
  /** Whether a sync has failed: nobody can tell what of it is on disk. It takes nothing more until it begins anew. */
  readonly isBroken: boolean;
  /** One group: on disk when it returns, all of it or, where it throws, nothing of it. */
  readonly append: (texts: readonly string[]) => void;
  /** A record of its own without a sync: it survives the end of the process, a power cut may lose it. */
  readonly note: (text: string) => void;
  /** Begins anew: what was on it is safe elsewhere. Costs nothing. */
  readonly restart: () => void;
  readonly close: () => void;
}

/** What a log holds, without opening it for good; nothing where it is missing. */
export function readLog(path: string): readonly LogRecord[] | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, constants.O_RDONLY);
  try {
    return readRecords(readAll(file));
  } finally {
    closeSync(file);
  }
}

/**
 * The same while a server may be writing to it: what was on it when this began, or a little later. Within a generation
 * records are only ever added; where the log has begun anew in between, everything before is in the database.
 */
export function readLiveLog(path: string): readonly LogRecord[] | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, constants.O_RDONLY);
  try {
    for (let tries = 1; ; tries += 1) {
      const before = generationOf(file);
      const records = readRecords(readAll(file));
      // A group may have been on its way to the file while the next one was read.
      const isSteady = generationOf(file) === before && !records.some(({ isDamaged }) => isDamaged);
      if (isSteady || tries === LIVE_TRIES_MAX) return records;
    }
  } finally {
    closeSync(file);
  }
}

function generationOf(file: number): number {
  const bytes = Buffer.alloc(HEADER_BYTES);
  return readSync(file, bytes, 0, HEADER_BYTES, 0) === HEADER_BYTES ? bytes.readUInt32LE(8) : 0;
}

/** Opens the log, creating it where it is missing. Throws what the file system throws. */
export function openAppendLog(path: string): AppendLog {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const content = readAll(file);
  let generation = newGeneration();
  let allocated = content.length;
  let position = 0;
  let group = 0;
  let buffer = Buffer.alloc(EXTENT_BYTES);
  let broken: AppError | undefined;

  const allocate = (bytes: number): void => {
    const space = Math.ceil(bytes / EXTENT_BYTES) * EXTENT_BYTES;
    writeFully(file, Buffer.alloc(space), allocated);
    allocated += space;
  };
  const assemble = (texts: readonly string[]): number => {
    const needed = texts.reduce((sum, text) => sum + HEADER_BYTES + Buffer.byteLength(text), 0);
    if (needed > buffer.length) buffer = Buffer.alloc(needed * 2);
    let at = 0;
    for (const [index, text] of texts.entries()) {
      at += writeRecord(buffer, at, { text, generation, group, left: texts.length - 1 - index });
    }
    return at;
  };
  const write = (texts: readonly string[]): number => {
    if (broken !== undefined) throw broken;
    group += 1;
    const bytes = assemble(texts);
    try {
      if (position + bytes > allocated) allocate(position + bytes - allocated);
      writeFully(file, buffer.subarray(0, bytes), position);
    } catch (error) {
      unwrite(file, position);
      throw error;
    }
    return bytes;
  };
  return {
    found: readRecords(content),
    get size() {
      return position;
    },
    get isBroken() {
      return broken !== undefined;
    },
    note: (text) => {
      position += write([text]);
    },
    append: (texts) => {
      const bytes = write(texts);
      try {
        fdatasyncSync(file);
      } catch (error) {
        // Whether it is on disk cannot be known any more, nor whether what comes next would be.
        broken = unsynced(path, error);
        unwrite(file, position);
        throw broken;
      }
      position += bytes;
    },
    restart: () => {
      broken = undefined;
      generation = newGeneration();
      position = 0;
      group = 0;
    },
    close: () => closeSync(file),
  };
}

/** Told apart from what an earlier use of the same bytes has left. */
const newGeneration = (): number => randomInt(1, 2 ** 32 - 1);

function unsynced(path: string, cause: unknown): AppError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const message = `${path} could not be synced: ${words}. Check the disk.`;
  return new AppError("journal_unavailable", message, cause);
}

interface Framed {
  readonly text: string;
  readonly generation: number;
  readonly group: number;
  /** Records of its group that come after it. */
  readonly left: number;
}

/** Gives the bytes that it takes. */
function writeRecord(buffer: Buffer, at: number, { text, generation, group, left }: Framed): number {
  const length = buffer.write(text, at + HEADER_BYTES, "utf8");
  buffer.writeUInt32LE(length, at);
  buffer.writeUInt32LE(generation, at + 8);
  buffer.writeUInt32LE(group, at + 12);
  buffer.writeUInt32LE(left, at + 16);
  buffer.writeUInt32LE(crc32(buffer.subarray(at + CHECKED_FROM, at + HEADER_BYTES + length)), at + 4);
  return HEADER_BYTES + length;
}

function writeFully(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}

/** A group that was refused must not come back after a crash; needs no space that is not there already. */
function unwrite(file: number, position: number): void {
  try {
    writeSync(file, Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, position);
  } catch {
    // Then it is refused now and may be there after a crash: nobody was told that it is not.
  }
}

function readAll(file: number): Buffer {
  const content = Buffer.alloc(fstatSync(file).size);
  for (let done = 0; done < content.length;) {
    const read = readSync(file, content, done, content.length - done, done);
    if (read === 0) break;
    done += read;
  }
  return content;
}

interface Sound extends Framed {
  readonly end: number;
}

/** The record at a place, if it is whole. */
function recordAt(content: Buffer, at: number): Sound | undefined {
  if (at + HEADER_BYTES > content.length) return undefined;
  const end = at + HEADER_BYTES + content.readUInt32LE(at);
  if (end === at + HEADER_BYTES || end > content.length) return undefined;
  if (crc32(content.subarray(at + CHECKED_FROM, end)) !== content.readUInt32LE(at + 4)) return undefined;
  const text = content.toString("utf8", at + HEADER_BYTES, end);
  const [generation, group, left] = [8, 12, 16].map((offset) => content.readUInt32LE(at + offset));
  return { text, generation: generation ?? 0, group: group ?? 0, left: left ?? 0, end };
}

/**
 * Records of the log's last generation, in order. One that does not hold is the torn end of a group that was never
 * acknowledged, unless records of later groups follow: then it was damaged since.
 */
function readRecords(content: Buffer): readonly LogRecord[] {
  const first = recordAt(content, 0) ?? firstSound(content);
  if (first === undefined) return [];
  const records: LogRecord[] = [];
  // A record that is broken off could be of the group before it, where something is left of that, or of the next one.
  let [at, group, torn] = [0, 0, 1];
  for (;;) {
    const record = recordAt(content, at);
    if (record?.generation === first.generation && record.group >= group) {
      records.push({ text: record.text, isDamaged: false });
      [at, group, torn] = [record.end, record.group, record.left > 0 ? record.group : record.group + 1];
      continue;
    }
    const next = nextSound(content, at + 1, { generation: first.generation, after: torn });
    if (next === undefined) return records;
    records.push({ text: content.toString("utf8", at + HEADER_BYTES, next), isDamaged: true });
    at = next;
  }
}

/** Where the very first record is damaged, its generation may still be read: it counts where others bear it. */
function firstSound(content: Buffer): Pick<Sound, "generation"> | undefined {
  if (content.length < HEADER_BYTES) return undefined;
  const generation = content.readUInt32LE(8);
  return generation !== 0 && nextSound(content, 1, { generation, after: 1 }) !== undefined ? { generation } : undefined;
}

/** The next whole record of a later group. */
function nextSound(
  content: Buffer,
  from: number,
  { generation, after }: { readonly generation: number; readonly after: number },
): number | undefined {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(generation);
  for (let found = content.indexOf(bytes, from + 8); found >= 0; found = content.indexOf(bytes, found + 1)) {
    const record = recordAt(content, found - 8);
    if (record?.generation === generation && record.group > after) return found - 8;
  }
  return undefined;
}
