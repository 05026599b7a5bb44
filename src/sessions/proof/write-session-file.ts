/** Writes a session as a file, as it is asked for: no more of it is in memory than some pages. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { AppError } from "../../kernel/index.ts";
import type { EngineConfig } from "../../engine/index.ts";
import type { Journal } from "../journal-port.ts";
import {
  GZIP_HEADER,
  sealOf,
  SESSION_FILE_FORMAT,
  SESSION_FILE_VERSION,
  SESSION_FILE_WITH_BARS,
  type FileHeader,
} from "./session-file.ts";
import type { UsedSymbol } from "./used-data.ts";
import type { Moment } from "./verify.ts";

export interface FileContent {
  readonly journal: Pick<Journal, "stored">;
  readonly moment: Moment;
  readonly data: readonly UsedSymbol[];
  /** Program and version. */
  readonly by: string;
  /** Lines of the bars that were used; undefined: they are named only. */
  readonly bars: AsyncIterable<string> | undefined;
}

/** Characters that are handed on at once. */
const BATCH_LENGTH = 65_536;

/** The bytes of the file. Throws AppError where the journal turns out to be damaged, or the session is deleted meanwhile. */
export async function* writeSessionFile(content: FileContent): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of withFixedHeader(packed(batched(linesOf(content))))) {
    hash.update(chunk);
    yield chunk;
  }
  yield sealOf(hash.digest("hex"));
}

async function* linesOf({ journal, moment, data, by, bars }: FileContent): AsyncGenerator<string> {
  const { id, lastSeq, lastHash } = moment.summary;
  const pins = moment.pins.split("\n").filter((line) => line.endsWith("}"));
  yield JSON.stringify(headerOf({ moment, data, by, bars, pins: pins.length }));
  let seq = 0;
  for await (const stored of journal.stored(id, 1)) {
    yield stored.payload;
    seq = stored.seq;
    if (seq === lastSeq && stored.hash !== lastHash) throw gone(id);
    if (seq === lastSeq) break;
  }
  if (seq !== lastSeq) throw gone(id);
  yield* pins;
  if (bars !== undefined) yield* bars;
}

/** The client has its status already: what is cut off here lacks its seal, and will be refused. */
const gone = (id: string): AppError =>
  new AppError("journal_unavailable", `Session ${id} was deleted while it was exported.`);

interface HeaderParts extends Omit<FileContent, "journal"> {
  readonly pins: number;
}

function headerOf({ moment: { summary }, data, pins, ...rest }: HeaderParts): FileHeader {
  const { createdAt, clock, name = null, failure = null, lastSeq, lastHash } = summary;
  return {
    format: SESSION_FILE_FORMAT,
    version: rest.bars === undefined ? SESSION_FILE_VERSION : SESSION_FILE_WITH_BARS,
    by: rest.by,
    session: { createdAt, clock, name, failure },
    config: JSON.parse(summary.config) as EngineConfig,
    head: { seq: lastSeq, hash: lastHash },
    data: data.map(({ symbol, from, to, days, bars, hash }) => ({ symbol, from, to, days, bars, hash })),
    pins,
  };
}

async function* batched(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let batch = "";
  for await (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < BATCH_LENGTH) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}

async function* packed(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const source = Readable.from(text);
  const gzip = createGzip();
  source.once("error", (error) => gzip.destroy(error));
  source.pipe(gzip);
  try {
    for await (const chunk of gzip) yield chunk as Buffer;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

/** The system that packed it stands in the header; the same session is to be the same file everywhere. */
async function* withFixedHeader(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = GZIP_HEADER.length;
  yield GZIP_HEADER;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (chunk.length > skipped) yield chunk.subarray(skipped);
  }
}
