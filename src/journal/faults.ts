/** What a journal throws, in words that say who must act. */
import { writeFileSync } from "node:fs";
import { AppError, InvariantError } from "../kernel/index.ts";

/** Another writer was faster, or the session is gone: the caller's state is out of date. */
export function staleWriter(session: string, seq: number, lastSeq: number | undefined): AppError {
  const found = lastSeq === undefined ? "it does not exist" : `its last entry is ${lastSeq}`;
  return new AppError(
    "stale_writer",
    `Entry ${seq} of session ${session} was refused: ${found}. Read the session again.`,
  );
}

export const journalClosed = (): AppError =>
  new AppError("journal_unavailable", "The journal is closed: the server is stopping.");

/** Makes a fault of what SQLite or the file system threw over `path`; faults and broken invariants stay as they are. */
export function journalFault(path: string, error: unknown): Error {
  if (isOwnError(error)) return error;
  const words = error instanceof Error ? error.message : String(error);
  if (isDamage(error)) {
    suspect(path);
    return new AppError("data_directory_damaged", `${path} is damaged: SQLite says "${words}". ${RESTART}`, error);
  }
  const advice = "Check the disk's free space and its permissions.";
  return new AppError("journal_unavailable", `${path} could not be read or written: ${words}. ${advice}`, error);
}

const RESTART = "Start the server again: it then reads all of it, and goes on with what is whole.";

/** An empty file that tells the next start to read a large database through. */
export const suspectPath = (path: string): string => `${path}.suspect`;

function suspect(path: string): void {
  try {
    writeFileSync(suspectPath(path), "");
  } catch {
    // The disk has its own fault to tell of.
  }
}

/** Whether an error is about one caller alone (a fault of its own, or a bug), not about the disk. */
export function isOwnError(error: unknown): error is Error {
  return error instanceof AppError || error instanceof InvariantError;
}

/** Whether SQLite says that a file is not as it wrote it. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB");
}
