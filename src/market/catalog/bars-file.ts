/** One file of bars: a symbol's year in one timeframe, twelve blocks of columns (docs/reference/data-layout.md). */
import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { AppError, assert } from "../../kernel/index.ts";
import { lowerBound, columnsOver, ROW_BYTES, sliceRows, type Columns } from "../series/columns.ts";
import { monthOf, monthStart } from "../months.ts";

/** What a file says of itself, and so what its name is made of. */
export interface BarsFileIdentity {
  readonly symbol: string;
  readonly timeframe: string;
  readonly year: number;
}

export interface BarsFileHeader extends BarsFileIdentity {
  /** Rows of each month, January first; New York months. */
  readonly monthRows: readonly number[];
  /** SHA-256 of each month's block, hexadecimal. */
  readonly monthHashes: readonly string[];
}

/** A file as it will be written: its header and the blocks after it. */
export interface EncodedFile {
  /** SHA-256 of the header, which holds the hashes of all blocks: the hash of everything. */
  readonly hash: string;
  readonly header: BarsFileHeader;
  readonly parts: readonly Uint8Array[];
}

const MAGIC = "TDBARS1\n";
const MONTHS = 12;
const MONTH_TABLE_AT = 48;
const MONTH_ENTRY_BYTES = 40;
export const HEADER_BYTES = MONTH_TABLE_AT + MONTHS * MONTH_ENTRY_BYTES;

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Most symbols have no bars in most months of a file. */
const NOTHING = new Uint8Array();
const HASH_OF_NOTHING = sha256(NOTHING);

/** Lays a year's bars out. Every bar must start in that year of New York time. */
export function encodeYear(identity: BarsFileIdentity, columns: Columns): EncodedFile {
  const blocks = splitByMonth(identity.year, columns);
  const header: BarsFileHeader = {
    ...identity,
    monthRows: blocks.map((block) => block.byteLength / ROW_BYTES),
    monthHashes: blocks.map((block) => (block.byteLength === 0 ? HASH_OF_NOTHING : sha256(block))),
  };
  const rows = header.monthRows.reduce((sum, count) => sum + count, 0);
  assert(rows === columns.rows, "Invariant: every bar of a year's file starts in that year");
  const headerBytes = encodeHeader(header);
  return { hash: sha256(headerBytes), header, parts: [headerBytes, ...blocks.filter((block) => block.byteLength > 0)] };
}

/** The bytes of each month's columns. */
function splitByMonth(year: number, columns: Columns): Uint8Array[] {
  return Array.from({ length: MONTHS }, (_, index) => {
    const month = monthOf(year, index);
    const from = lowerBound(columns, monthStart(month));
    const until = lowerBound(columns, monthStart(month + 1));
    return until === from ? NOTHING : new Uint8Array(sliceRows(columns, { from, until }).buffer);
  });
}

function encodeHeader(header: BarsFileHeader): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, 0, "latin1");
  bytes.writeUInt32LE(header.year, 8);
  bytes.writeUInt32LE(ROW_BYTES, 12);
  bytes.write(header.symbol, 16, 16, "latin1");
  bytes.write(header.timeframe, 32, 16, "latin1");
  for (let month = 0; month < MONTHS; month += 1) {
    const at = MONTH_TABLE_AT + month * MONTH_ENTRY_BYTES;
    bytes.writeUInt32LE(header.monthRows[month] ?? 0, at);
    bytes.write(header.monthHashes[month] ?? "", at + 8, 32, "hex");
  }
  return bytes;
}

function decodeHeader(bytes: Buffer): BarsFileHeader {
  const text = (at: number): string => bytes.toString("latin1", at, at + 16).replace(/\0+$/, "");
  const months = Array.from({ length: MONTHS }, (_, month) => MONTH_TABLE_AT + month * MONTH_ENTRY_BYTES);
  return {
    year: bytes.readUInt32LE(8),
    symbol: text(16),
    timeframe: text(32),
    monthRows: months.map((at) => bytes.readUInt32LE(at)),
    monthHashes: months.map((at) => bytes.toString("hex", at + 8, at + MONTH_ENTRY_BYTES)),
  };
}

/** A file of bars on disk, with the hash that the manifest has of it. */
export interface BarsFileRef {
  readonly path: string;
  readonly hash: string;
}

/**
 * Reads some months of a file, each checked against its hash.
 * Throws AppError "data_directory_damaged" naming the file, and the system's own error where it is not there.
 */
export async function readMonths(ref: BarsFileRef, indexes: readonly number[]): Promise<Columns[]> {
  const file = await open(ref.path, "r");
  try {
    const header = await readHeader(file, ref);
    const blocks: Columns[] = [];
    for (const index of indexes) blocks.push(await readBlock(file, ref, { header, index }));
    return blocks;
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, ref: BarsFileRef): Promise<BarsFileHeader> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(bytes, 0, HEADER_BYTES, 0);
  if (bytesRead < HEADER_BYTES) throw damaged(ref, `it has ${size} bytes, fewer than a header of ${HEADER_BYTES}`);
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw damaged(ref, "it does not begin as a file of bars");
  if (sha256(bytes) !== ref.hash) throw damaged(ref, "its header does not have the hash that the manifest names");
  const header = decodeHeader(bytes);
  const wanted = HEADER_BYTES + ROW_BYTES * header.monthRows.reduce((sum, rows) => sum + rows, 0);
  if (size !== wanted) throw damaged(ref, `it has ${size} bytes, its header speaks of ${wanted}`);
  return header;
}

interface BlockRef {
  readonly header: BarsFileHeader;
  readonly index: number;
}

async function readBlock(file: FileHandle, ref: BarsFileRef, { header, index }: BlockRef): Promise<Columns> {
  const rows = header.monthRows[index] ?? 0;
  const rowsBefore = header.monthRows.slice(0, index).reduce((sum, count) => sum + count, 0);
  const bytes = new Uint8Array(new ArrayBuffer(rows * ROW_BYTES));
  await file.read(bytes, 0, bytes.byteLength, HEADER_BYTES + rowsBefore * ROW_BYTES);
  if (sha256(bytes) !== header.monthHashes[index]) throw damaged(ref, `the bars of its month ${index + 1} are damaged`);
  return columnsOver(bytes.buffer, rows);
}

function damaged(ref: BarsFileRef, what: string): AppError {
  const advice =
    "Restore it from a backup; or remove its series with `tapedeck data remove` and import your files again.";
  return new AppError("data_directory_damaged", `${ref.path}: ${what}. ${advice}`);
}
