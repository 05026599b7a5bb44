/** The pages of a SQLite file as plain bytes, with what its write-ahead log has of them: for a file that SQLite refuses. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";

export interface PageSource {
  /** Pages are numbered from 1. */
  readonly count: number;
  /** Undefined where there is none. */
  readonly pageAt: (number: number) => Buffer | undefined;
}

/** What every file of ours has. */
const PAGE_BYTES = 4096;

const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Runs `work` with the pages of a file. */
export function withFilePages<T>(path: string, work: (pages: PageSource) => T): T {
  const file = openSync(path, "r");
  try {
    const inLog = logPages(`${path}-wal`);
    const inFile = Math.floor(fstatSync(file).size / PAGE_BYTES);
    const count = Math.max(inFile, ...inLog.keys());
    const pageAt = (number: number): Buffer | undefined => {
      const logged = inLog.get(number);
      if (logged !== undefined || number < 1 || number > inFile) return logged;
      const page = Buffer.alloc(PAGE_BYTES);
      readSync(file, page, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES);
      return page;
    };
    return work({ count, pageAt });
  } finally {
    closeSync(file);
  }
}

/** The newest of each page in the log's committed transactions; what an earlier use of the log has left is not read. */
function logPages(path: string): ReadonlyMap<number, Buffer> {
  const committed = new Map<number, Buffer>();
  const log = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const salts = log.subarray(16, 24);
  let open = new Map<number, Buffer>();
  for (let at = LOG_HEADER_BYTES; at + FRAME_HEADER_BYTES + PAGE_BYTES <= log.length;) {
    if (!log.subarray(at + 8, at + 16).equals(salts)) break;
    const end = at + FRAME_HEADER_BYTES + PAGE_BYTES;
    open.set(log.readUInt32BE(at), log.subarray(at + FRAME_HEADER_BYTES, end));
    // A frame that ends a transaction tells the size of the file.
    if (log.readUInt32BE(at + 4) > 0) {
      for (const [number, page] of open) committed.set(number, page);
      open = new Map();
    }
    at = end;
  }
  return committed;
}
