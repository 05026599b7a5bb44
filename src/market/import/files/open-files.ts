/** From files on disk to files to read: gzip is unpacked, an archive gives its entries, each known by its content. */
import { createReadStream, type ReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { fileHead, HEAD_BYTES } from "./file-head.ts";
import type { FoundFile } from "./find-files.ts";
import { unreadable, type SourceFile } from "./source-file.ts";
import { zipEntries } from "./zip-entries.ts";

const CHUNK_BYTES = 262_144;

/** Gets bytes of the file on disk as they have been read. */
export type OnBytes = (bytesRead: number) => void;

/** Throws AppError "import_failed" naming the file. */
export async function* sourceFiles(found: FoundFile, onBytes: OnBytes): AsyncGenerator<SourceFile> {
  try {
    const start = await firstBytes(() => Promise.resolve(openRaw(found.path)), 4);
    if (isZip(start)) yield* zipEntries(found.path, onBytes, sourceFile);
    else yield await diskFile(found, onBytes);
  } catch (error) {
    throw unreadable(found.path, error);
  }
  onBytes(found.bytes);
}

/** "PK" and the mark of a first entry, or of an empty archive. */
const isZip = (start: Buffer): boolean =>
  start[0] === 0x50 && start[1] === 0x4b && ((start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6));

const isGzip = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

const openRaw = (path: string): ReadStream => createReadStream(path, { highWaterMark: CHUNK_BYTES });

async function diskFile(found: FoundFile, onBytes: OnBytes): Promise<SourceFile> {
  let current: ReadStream | undefined;
  const open = (): Promise<Readable> => {
    current = openRaw(found.path);
    return Promise.resolve(current);
  };
  const file = await sourceFile(found.path, open, () => onBytes(current?.bytesRead ?? 0));
  return file.isUnpacked ? { ...file, diskPath: found.path } : file;
}

/** What every source has in common: unpacking, and the head. */
async function sourceFile(
  path: string,
  openPacked: () => Promise<Readable>,
  onChunk: () => void,
): Promise<SourceFile & { readonly isUnpacked: boolean }> {
  const packed = isGzip(await firstBytes(openPacked, 2));
  const open = async (): Promise<Readable> => {
    const source = await openPacked();
    // What ends the one ends the other; a fault reaches whoever reads.
    return packed ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : source;
  };
  const bytes = await firstBytes(open, HEAD_BYTES + 1);
  const head = fileHead(path, bytes.subarray(0, HEAD_BYTES), bytes.length <= HEAD_BYTES);
  return { head, diskPath: undefined, open, onChunk, isUnpacked: !packed };
}

/** Up to `count` bytes; fewer where the stream ends before. */
async function firstBytes(open: () => Promise<Readable>, count: number): Promise<Buffer> {
  const stream = await open();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= count) break;
    }
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks).subarray(0, count);
}
