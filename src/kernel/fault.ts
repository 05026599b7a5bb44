/** A fault: the world broke (disk full, malformed file, port taken). It is thrown, and says who must act. */

/** Every fault, with what it means; the CLI prints the code, docs/reference/errors.md lists it. */
export const FAULTS = {
  backup_failed: "A backup could not be written, or not be restored.",
  backup_refused: "A backup is damaged, not whole, of a newer version, or none at all.",
  bad_argument: "A command-line argument or a setting is wrong.",
  cannot_listen: "The server could not open its port.",
  data_directory_damaged: "A file in the data directory is damaged, by SQLite's own word or by its checksum.",
  data_directory_foreign: "The data directory holds something that is not Tapedeck's.",
  data_directory_locked: "Another server uses the data directory.",
  data_directory_newer: "The data directory was written by a newer version.",
  download_failed: "A provider of market data refused, or its answers cannot be used.",
  export_failed: "A file could not be written.",
  import_failed: "A file could not be imported.",
  interrupted: "The command was ended by a signal before it was done.",
  journal_unavailable: "The journal could not be read or written.",
  server_refused: "The server answered a CLI request with a refusal.",
  server_unreachable: "No server answered a CLI request.",
  stale_writer: "Another writer has appended to the session's journal.",
  verification_failed: "A check of the data, or of a session, found something wrong.",
} as const;

export type FaultCode = keyof typeof FAULTS;

export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
