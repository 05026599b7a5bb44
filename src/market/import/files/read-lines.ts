/** Reads a file line by line without ever holding the whole of it. */
import { AppError } from "../../../kernel/index.ts";
import { unreadable, type SourceFile } from "./source-file.ts";

/** Longest line: a row of bars has about 100 bytes. */
const LINE_BYTES_MAX = 65_536;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Gets each line that is not empty as bytes from `start` to `end`; the first line of the file is 1. */
export type OnLine = (bytes: Buffer, range: { start: number; end: number }, line: number) => void;

/** Throws AppError "import_failed" naming the file: cut-off gzip, a line without end. */
export async function readLines(file: SourceFile, onLine: OnLine): Promise<void> {
  try {
    const cutter = new LineCutter(file.head.path, onLine);
    for await (const chunk of await file.open()) {
      cutter.take(chunk as Buffer);
      await file.onChunk();
    }
    cutter.finish();
  } catch (error) {
    throw unreadable(file.head.path, error);
  }
}

/** Cuts chunks into lines; the end of one chunk is kept for the next. */
class LineCutter {
  readonly #path: string;
  readonly #onLine: OnLine;
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;

  constructor(path: string, onLine: OnLine) {
    this.#path = path;
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    let start = this.#rest.length === 0 ? 0 : this.#joinRest(chunk);
    for (let end = chunk.indexOf(NEWLINE, start); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#emit(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#rest = this.#rest.length === 0 ? chunk.subarray(start) : Buffer.concat([this.#rest, chunk.subarray(start)]);
    }
    if (this.#rest.length <= LINE_BYTES_MAX) return;
    const message = `${this.#path}, line ${this.#line + 1}: the line is longer than ${LINE_BYTES_MAX} bytes`;
    throw new AppError("import_failed", `${message}. Nothing was imported.`);
  }

  /** Ends the line that the chunk before has begun; returns where the next one starts. */
  #joinRest(chunk: Buffer): number {
    const end = chunk.indexOf(NEWLINE);
    if (end < 0) return 0;
    const line = Buffer.concat([this.#rest, chunk.subarray(0, end)]);
    this.#rest = Buffer.alloc(0);
    this.#emit(line, 0, line.length);
    return end + 1;
  }

  finish(): void {
    if (this.#rest.length > 0) this.#emit(this.#rest, 0, this.#rest.length);
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#line += 1;
    const until = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
    const from = this.#line === 1 && hasByteOrderMark(bytes, start) ? start + 3 : start;
    if (until > from) this.#onLine(bytes, { start: from, end: until }, this.#line);
  }
}

const hasByteOrderMark = (bytes: Buffer, start: number): boolean =>
  bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
