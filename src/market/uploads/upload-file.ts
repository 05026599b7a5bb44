/** A file as it arrives: written to a folder of its own, and gone again if it does not arrive whole. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, refuse, UPLOAD_BYTES_MAX, type Refusal } from "../../kernel/index.ts";

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  /** A folder that holds this file alone. */
  readonly folder: string;
  readonly path: string;
  readonly bytes: number;
}

export interface Arriving {
  /** Where folders of files are. */
  readonly directory: string;
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** Default: `UPLOAD_BYTES_MAX`. */
  readonly bytesMax?: number | undefined;
}

/** Letters, digits and what file managers add: nothing that leads elsewhere, hides, or means something to a system. */
const FILE_NAME = /^(?!\.)[\p{L}\p{N} ._()+@=,~#&'[\]-]{1,200}$/u;

/** What file systems take. */
const NAME_BYTES_MAX = 255;

/** Refuses "bad_request" for a name that is a path, and "body_too_large". Throws what the content throws, and AppError. */
export async function receiveFile(arriving: Arriving): Promise<UploadedFile | Refusal> {
  const { directory, name } = arriving;
  if (!FILE_NAME.test(name) || /[. ]$/.test(name) || Buffer.byteLength(name) > NAME_BYTES_MAX) return badName(name);
  const id = randomUUID();
  const folder = join(directory, id);
  const path = join(folder, name);
  let isWhole = false;
  try {
    const bytes = await write(path, folder, arriving);
    if (typeof bytes !== "number") return bytes;
    isWhole = true;
    return { id, name, folder, path, bytes };
  } finally {
    if (!isWhole) await rm(folder, { recursive: true, force: true });
  }
}

async function write(path: string, folder: string, { content, bytesMax }: Arriving): Promise<number | Refusal> {
  const most = bytesMax ?? UPLOAD_BYTES_MAX;
  let bytes = 0;
  await onDisk(() => mkdir(folder, { recursive: true, mode: 0o700 }));
  const file = await onDisk(() => open(path, "wx", 0o600));
  try {
    for await (const chunk of content) {
      bytes += chunk.byteLength;
      if (bytes > most) return refuse("body_too_large", `the file is larger than ${most} bytes`);
      await onDisk(() => file.writeFile(chunk));
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new AppError("import_failed", `the server could not keep the file (${why}); look after its disk.`, error);
  }
}

/** Characters of a wrong name that are repeated. */
const NAME_SHOWN_MAX = 60;

const badName = (name: string): Refusal =>
  refuse(
    "bad_request",
    `name must be a plain file name of at most 200 characters, without folders, got ${JSON.stringify(name.slice(0, NAME_SHOWN_MAX))}`,
  );
