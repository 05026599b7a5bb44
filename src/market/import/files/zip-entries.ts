/** The entries of a zip archive as files to read, each held to its checksum and to the size that the archive states. The only file that knows yauzl. */
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream";
import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import type { OnBytes } from "./open-files.ts";
import type { SourceFile } from "./source-file.ts";

type MakeFile = (path: string, open: () => Promise<Readable>, onChunk: () => void) => Promise<SourceFile>;

/** Names that lead out of the archive, encrypted entries and unknown compressions are errors. Nothing is unpacked to disk. */
export async function* zipEntries(path: string, onBytes: OnBytes, makeFile: MakeFile): AsyncGenerator<SourceFile> {
  const archive = await openPromise(path, { autoClose: false, lazyEntries: true, strictFileNames: true });
  let bytesDone = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith("/") || isPassedOver(entry.fileName)) continue;
      if (!entry.canDecodeFileData()) throw new Error(`${entry.fileName} is encrypted or compressed in an unknown way`);
      yield await makeFile(
        `${path}/${entry.fileName}`,
        () => openEntry(archive, entry),
        () => onBytes(bytesDone),
      );
      bytesDone += entry.compressedSize;
    }
  } finally {
    archive.close();
  }
}

/** What file managers add to archives. */
const isPassedOver = (name: string): boolean =>
  name.startsWith("__MACOSX/") || name.split("/").some((part) => part.startsWith("."));

async function openEntry(archive: ZipFile, entry: Entry): Promise<Readable> {
  const content = await archive.openReadStreamPromise(entry);
  return pipeline(content, checked(entry), () => undefined);
}

/** Hands bytes through, and fails at their end where their checksum is another than the archive's. */
function checked(entry: Entry): Transform {
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum);
      done(undefined, chunk);
    },
    flush(done) {
      done(sum === entry.crc32 ? undefined : new Error(`the data of ${entry.fileName} does not have its checksum`));
    },
  });
}
