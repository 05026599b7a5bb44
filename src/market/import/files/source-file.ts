/** A file to import, wherever it lies: plain, compressed, or an entry of an archive. Reading it always gives plain bytes. */
import type { Readable } from "node:stream";
import { AppError } from "../../../kernel/index.ts";
import type { FileHead } from "./file-head.ts";

export interface SourceFile {
  readonly head: FileHead;
  /** Its place on disk where it is neither compressed nor in an archive, for formats that read here and there. */
  readonly diskPath: string | undefined;
  /** From its beginning, as often as it is called. The reader destroys the stream where it stops early. */
  readonly open: () => Promise<Readable>;
  /** To be called between chunks: tells the progress. */
  readonly onChunk: () => void | Promise<void>;
}

/** What reading went wrong with, as a fault that names the file. AppErrors are handed through. */
export function unreadable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("import_failed", `${path} could not be read: ${reasonOf(error)}. Nothing was imported.`, error);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "Z_BUF_ERROR") return "the gzip data is cut off";
  return error.message;
}
