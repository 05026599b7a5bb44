/** Rows that do not fit in memory, in a file that is gone when the import ends, however it ends. */
import { open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../catalog/manifest.ts";

/** A stretch of the file. */
export interface Extent {
  readonly at: number;
  readonly bytes: number;
}

export class StagingFile {
  readonly #directory: string;
  #file: FileHandle | undefined;
  #path = "";
  #bytes = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async append(cells: Float64Array): Promise<Extent> {
    this.#file ??= await this.#open();
    const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
    const extent = { at: this.#bytes, bytes: bytes.byteLength };
    for (let written = 0; written < bytes.byteLength;) {
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.byteLength - written, extent.at + written);
      written += bytesWritten;
    }
    this.#bytes += bytes.byteLength;
    return extent;
  }

  async read({ at, bytes }: Extent, into: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes;) {
      const result = await this.#file?.read(into, done, bytes - done, at + done);
      if (result === undefined || result.bytesRead === 0) throw new Error(`${this.#path} has become shorter`);
      done += result.bytesRead;
    }
  }

  /** Where the system allows it the file has no name from its beginning: nothing stays behind after a crash. */
  async #open(): Promise<FileHandle> {
    await makeDirectory(this.#directory);
    this.#path = join(this.#directory, `import-${process.pid}-${Date.now()}.tmp`);
    const file = await open(this.#path, "wx+");
    await rm(this.#path, { force: true }).catch(() => undefined);
    return file;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    if (this.#path !== "") await rm(this.#path, { force: true }).catch(() => undefined);
  }
}
