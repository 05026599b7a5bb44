/** Files copied with the hash of what was read, synced before anything speaks of them. */
import { createHash } from "node:crypto";
import { open, readdir, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** A file of a backup. */
export interface FileRecord {
  /** Below the data directory, with forward slashes. */
  readonly path: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Permissions, as in `chmod`, octal text. */
  readonly mode: string;
}

/** Bytes in one go: a signal is heard between two of them. */
const CHUNK_BYTES = 1_048_576;

const PERMISSIONS = 0o777;

export interface FileWork {
  /** Bytes that were just read. */
  readonly onBytes: (bytes: number) => void;
  /** Throws where the work is to end. */
  readonly check: () => void;
}

export type FileContent = Omit<FileRecord, "path">;

/**
 * Copies a file as it is while it is read; the new one is on disk when this resolves, with the permissions of the first
 * one unless others are named. Throws the system's own errors.
 */
export async function copyHashed(from: string, to: string, work: FileWork, named?: number): Promise<FileContent> {
  const source = await open(from, "r");
  try {
    const mode = named ?? (await source.stat()).mode & PERMISSIONS;
    const target = await open(to, "wx", mode);
    try {
      const content = await readThrough(source, work, (bytes) => writeAll(target, bytes));
      await target.chmod(mode);
      await target.sync();
      return { ...content, mode: mode.toString(8).padStart(3, "0") };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Size, hash and permissions of a file that is there, and syncs it. */
export async function hashFile(path: string, work: FileWork): Promise<FileContent> {
  const file = await open(path, "r");
  try {
    const mode = (await file.stat()).mode & PERMISSIONS;
    const content = await readThrough(file, work, async () => undefined);
    await file.sync();
    return { ...content, mode: mode.toString(8).padStart(3, "0") };
  } finally {
    await file.close();
  }
}

async function readThrough(
  file: FileHandle,
  { onBytes, check }: FileWork,
  take: (bytes: Buffer) => Promise<unknown>,
): Promise<Pick<FileRecord, "size" | "sha256">> {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let size = 0;
  for (;;) {
    check();
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, size);
    if (bytesRead === 0) return { size, sha256: hash.digest("hex") };
    const bytes = buffer.subarray(0, bytesRead);
    hash.update(bytes);
    await take(bytes);
    size += bytesRead;
    onBytes(bytesRead);
  }
}

/** The system may take a part of it, where the disk is nearly full. */
async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}

/** Makes names in a directory durable. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The same of a folder and everything below it. */
export async function syncFolders(path: string): Promise<void> {
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  }
  await syncFolder(path);
}
