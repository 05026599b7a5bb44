/** The files that a path names: itself, or all files below a folder in the order of their names. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, IMPORT_FILES_MAX } from "../../../kernel/index.ts";
import { unreadable } from "./source-file.ts";

export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly isFolder: boolean;
}

/** Folders deeper than any tree of data: what is deeper is a loop of links. */
const DEPTH_MAX = 24;

/** Hidden files and folders are passed over. Throws AppError "import_failed". */
export async function findFiles(path: string): Promise<FoundFiles> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) return { files: [{ path, bytes: stats.size }], isFolder: false };
    const files: FoundFile[] = [];
    await walk(path, 0, files);
    return { files, isFolder: true };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function walk(folder: string, depth: number, files: FoundFile[]): Promise<void> {
  if (depth > DEPTH_MAX) throw new Error(`${folder} lies more than ${DEPTH_MAX} folders deep`);
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    const stats = await stat(path);
    if (stats.isDirectory()) await walk(path, depth + 1, files);
    else if (stats.isFile()) files.push({ path, bytes: stats.size });
    if (files.length > IMPORT_FILES_MAX) {
      const message = `${folder} and what is beside it hold more than ${IMPORT_FILES_MAX} files`;
      throw new AppError("import_failed", `${message}. Import one part after the other. Nothing was imported.`);
    }
  }
}
