/**
 * Rows of tables straight from the pages of a SQLite file, whatever is left of the tree above them: each leaf is read by
 * itself (https://sqlite.org/fileformat2.html). What is read may be stale or wrong, and has to be checked by who asks.
 */
import type Database from "libsql";
import type { PageSource } from "./file-pages.ts";

export type Value = number | string | Uint8Array | null;

export interface LeafRow {
  readonly rowid: number;
  readonly values: readonly Value[];
}

/** "A table's leaf", also with one bit flipped unless that says something else: what is read is checked by who asks. */
const LEAF = 0x0d;
const LEAF_KINDS = new Set([LEAF, ...[0, 1, 2, 4, 5, 6, 7].map((bit) => LEAF ^ (1 << bit))]);
const HEADER_BYTES = 8;

/** Of the first page, which begins with the header of the file. */
const FILE_HEADER_BYTES = 100;

/** Columns of a row that anything of ours has. */
const COLUMNS_MAX = 64;

/** A value that is longer is none of ours. */
const PAYLOAD_BYTES_MAX = 256 * 1_048_576;

/** Thrown and caught in here: bytes that are no row. */
class NoRow extends Error {}

/** Every row that can be read, page after page. */
export function* leafRows({ count, pageAt }: PageSource): Generator<LeafRow> {
  const existing = (number: number): Buffer => {
    const page = pageAt(number);
    if (page === undefined) throw new NoRow();
    return page;
  };
  for (let number = 1; number <= count; number += 1) {
    const page = pageAt(number);
    if (page !== undefined) yield* rowsOf(page, number, existing);
  }
}

/** The pages as SQLite gives them to a connection, whatever is in them. */
export function databasePages(database: Database.Database): PageSource {
  const [counted] = database.prepare("PRAGMA main.page_count").raw().all() as number[][];
  const one = database.prepare("SELECT data FROM sqlite_dbpage('main') WHERE pgno = ?").raw();
  return {
    count: counted?.[0] ?? 0,
    pageAt: (number) => {
      const [row] = one.all(number) as ArrayBuffer[][];
      return row?.[0] === undefined ? undefined : Buffer.from(row[0]);
    },
  };
}

function* rowsOf(page: Buffer, number: number, pageAt: (number: number) => Buffer): Generator<LeafRow> {
  const start = number === 1 ? FILE_HEADER_BYTES : 0;
  if (!LEAF_KINDS.has(page[start] ?? 0)) return;
  const cells = Math.min(page.readUInt16BE(start + 3), Math.floor((page.length - start - HEADER_BYTES) / 2));
  for (let cell = 0; cell < cells; cell += 1) {
    const row = rowAt(page, page.readUInt16BE(start + HEADER_BYTES + 2 * cell), pageAt);
    if (row !== undefined) yield row;
  }
}

function rowAt(page: Buffer, at: number, pageAt: (number: number) => Buffer): LeafRow | undefined {
  try {
    const size = readVarint(page, at);
    const rowid = readVarint(page, size.end);
    if (size.value > PAYLOAD_BYTES_MAX) return undefined;
    return { rowid: rowid.value, values: valuesOf(payloadOf(page, rowid.end, size.value, pageAt)) };
  } catch (error) {
    if (error instanceof NoRow || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What of a payload lies on the page, and the rest on a chain of others. */
function payloadOf(page: Buffer, at: number, size: number, pageAt: (number: number) => Buffer): Buffer {
  const usable = page.length;
  if (size <= usable - 35) return slice(page, at, size);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (usable - 4));
  const local = wanted <= usable - 35 ? wanted : least;
  const parts = [slice(page, at, local)];
  let next = page.readUInt32BE(at + local);
  for (let left = size - local; left > 0;) {
    if (next === 0) throw new NoRow();
    const overflow = pageAt(next);
    const part = slice(overflow, 4, Math.min(left, usable - 4));
    next = overflow.readUInt32BE(0);
    left -= part.length;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function slice(bytes: Buffer, at: number, size: number): Buffer {
  if (at + size > bytes.length) throw new NoRow();
  return bytes.subarray(at, at + size);
}

function valuesOf(payload: Buffer): readonly Value[] {
  const header = readVarint(payload, 0);
  const values: Value[] = [];
  let [at, place] = [header.end, header.value];
  while (at < header.value) {
    if (values.length === COLUMNS_MAX) throw new NoRow();
    const type = readVarint(payload, at);
    const { value, size } = valueAt(payload, place, type.value);
    values.push(value);
    [at, place] = [type.end, place + size];
  }
  if (at !== header.value || place !== payload.length) throw new NoRow();
  return values;
}

/** Bytes of the whole numbers, by their type. */
const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8];

function valueAt(payload: Buffer, at: number, type: number): { readonly value: Value; readonly size: number } {
  const integerBytes = INTEGER_BYTES[type];
  if (type === 0) return { value: null, size: 0 };
  if (type === 8 || type === 9) return { value: type - 8, size: 0 };
  if (type === 7) return { value: payload.readDoubleBE(at), size: 8 };
  if (integerBytes === 8) return { value: Number(payload.readBigInt64BE(at)), size: 8 };
  if (integerBytes !== undefined) return { value: payload.readIntBE(at, integerBytes), size: integerBytes };
  if (type < 12) throw new NoRow();
  const size = Math.floor((type - 12) / 2);
  const bytes = slice(payload, at, size);
  return { value: type % 2 === 0 ? new Uint8Array(bytes) : bytes.toString("utf8"), size };
}

/** Up to nine bytes, of which only what a number holds exactly is of use here. */
function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes.readUInt8(at + index);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80)
      return { value: value <= Number.MAX_SAFE_INTEGER ? value : Number.MAX_SAFE_INTEGER, end: at + index + 1 };
  }
  throw new NoRow();
}
