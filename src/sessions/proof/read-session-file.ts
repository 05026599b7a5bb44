/** Reads the lines of a session file from bytes that anyone may have made: limits, the header's form, the seal. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  SESSION_FILE_BYTES_MAX,
  SESSION_FILE_LINE_BYTES_MAX,
  SESSION_FILE_TEXT_BYTES_MAX,
} from "../../kernel/index.ts";
import { GZIP_HEADER, SEAL_BYTES, sealOf } from "./session-file.ts";

/** What is wrong with a file, and where. */
export class FileProblem extends Error {
  override readonly name = "FileProblem";
}

/**
 * The lines, one after the other. Throws FileProblem; that the seal holds is known only once the last line was taken,
 * so nothing may be made of a file before.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let textBytes = 0;
  let line = 1;
  for await (const chunk of unpacked(sealed(bytes))) {
    textBytes += chunk.length;
    if (textBytes > SESSION_FILE_TEXT_BYTES_MAX) {
      throw new FileProblem(`line ${line}: the file unpacks to more than ${SESSION_FILE_TEXT_BYTES_MAX} bytes`);
    }
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...pending, chunk.subarray(from, end)]).toString("utf8");
      pending = [];
      pendingBytes = 0;
      line += 1;
      from = end + 1;
    }
    pending.push(chunk.subarray(from));
    pendingBytes += chunk.length - from;
    if (pendingBytes > SESSION_FILE_LINE_BYTES_MAX) {
      throw new FileProblem(`line ${line} is longer than ${SESSION_FILE_LINE_BYTES_MAX} bytes`);
    }
  }
  if (pendingBytes > 0) throw new FileProblem(`line ${line} has no end`);
}

/** What the seal covers: the bytes before it. */
async function* sealed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let held = Buffer.alloc(0);
  let total = 0;
  let isBegun = false;
  for await (const chunk of bytes) {
    total += chunk.length;
    if (total > SESSION_FILE_BYTES_MAX) throw new FileProblem(`the file has more than ${SESSION_FILE_BYTES_MAX} bytes`);
    held = Buffer.concat([held, chunk]);
    if (!isBegun && held.length < GZIP_HEADER.length) continue;
    if (!isBegun && !held.subarray(0, GZIP_HEADER.length).equals(GZIP_HEADER)) {
      throw new FileProblem("it does not begin as a session file does; is it one, as it was exported?");
    }
    isBegun = true;
    if (held.length <= SEAL_BYTES) continue;
    const body = held.subarray(0, held.length - SEAL_BYTES);
    held = Buffer.from(held.subarray(body.length));
    hash.update(body);
    yield body;
  }
  if (total === 0) throw new FileProblem("the file is empty");
  if (!held.equals(sealOf(hash.digest("hex")))) {
    throw new FileProblem("its seal does not hold: bytes of the file have changed, or it is cut off");
  }
}

async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(bytes);
  const gunzip = createGunzip();
  source.once("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || !String(error.code).startsWith("Z_")) throw error;
    throw new FileProblem(`the packed bytes are damaged or cut off (${error.message})`);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
