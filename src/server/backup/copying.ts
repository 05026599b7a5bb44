/** What every step of a backup works with: where from, where to, and the list of what is there already. */
import { join } from "node:path";
import { copyHashed, type FileRecord, type FileWork } from "./hashed-file.ts";

export interface Copying extends FileWork {
  readonly from: string;
  /** The folder that will become the data directory. */
  readonly to: string;
  readonly files: FileRecord[];
  /** More bytes will come. */
  readonly expect: (bytes: number) => void;
}

/** Copies a file to the same place in the backup. */
export async function copyOne(copying: Copying, path: string): Promise<void> {
  const content = await copyHashed(join(copying.from, path), join(copying.to, path), copying);
  copying.files.push({ path, ...content });
}

/** The same for one that may go at any time; false where it has. */
export async function copyIfThere(copying: Copying, path: string): Promise<boolean> {
  try {
    await copyOne(copying, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
