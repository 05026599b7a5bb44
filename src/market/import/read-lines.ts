/** Reads a file line by line, gzip or not by its content, without ever holding the whole of it. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError } from "../../kernel/index.ts";

/** Longest line: a row of bars has about 100 bytes. */
const LINE_BYTES_MAX = 65_536;
const CHUNK_BYTES = 262_144;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface LineReading {
  readonly path: string;
  /** Gets each line that is not empty as bytes from `start` to `end`; the first line of the file is 1. */
  readonly onLine: (bytes: Buffer, range: { start: number; end: number }, line: number) => void;
  /** Bytes of the file on disk, read so far and in all. */
  readonly onProgress: ((bytesRead: number, bytesTotal: number) => void) | undefined;
}

/** Throws AppError "import_failed" naming the file: not there, cut-off gzip, a line without end. */
export async function readLines(reading: LineReading): Promise<{ bytesTotal: number }> {
  const { path, onProgress } = reading;
  try {
    const { isGzip, bytesTotal } = await inspect(path);
    const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    const source: Readable = isGzip ? pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : file;
    const cutter = new LineCutter(reading);
    for await (const chunk of source) {
      cutter.take(chunk as Buffer);
      onProgress?.(file.bytesRead, bytesTotal);
    }
    cutter.finish();
    return { bytesTotal };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("import_failed", `${path} could not be read: ${reasonOf(error)}. Nothing was imported.`, error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "Z_BUF_ERROR") return "the gzip data is cut off";
  return error.message;
}

async function inspect(path: string): Promise<{ isGzip: boolean; bytesTotal: number }> {
  const file = await open(path, "r");
  try {
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    return { isGzip: start[0] === 0x1f && start[1] === 0x8b, bytesTotal: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

/** Cuts chunks into lines; the end of one chunk is kept for the next. */
class LineCutter {
  readonly #reading: LineReading;
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;

  constructor(reading: LineReading) {
    this.#reading = reading;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#emit(bytes, start, end);
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length <= LINE_BYTES_MAX) return;
    const message = `${this.#reading.path}, line ${this.#line + 1}: the line is longer than ${LINE_BYTES_MAX} bytes`;
    throw new AppError("import_failed", `${message}. Nothing was imported.`);
  }

  finish(): void {
    if (this.#rest.length > 0) this.#emit(this.#rest, 0, this.#rest.length);
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#line += 1;
    const until = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
    const from = this.#line === 1 && hasByteOrderMark(bytes, start) ? start + 3 : start;
    if (until > from) this.#reading.onLine(bytes, { start: from, end: until }, this.#line);
  }
}

const hasByteOrderMark = (bytes: Buffer, start: number): boolean =>
  bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
