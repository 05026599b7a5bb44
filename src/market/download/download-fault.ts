/** What stops a download, or one symbol of it: a fault that says how far it reaches. */
import { AppError } from "../../kernel/index.ts";

/** "job": the next request would fail as well (the key, the network); "symbol": the others may go well. */
export type FaultScope = "symbol" | "job";

export class DownloadFault extends AppError {
  readonly scope: FaultScope;

  constructor(scope: FaultScope, message: string, cause?: unknown) {
    super("download_failed", message, cause);
    this.scope = scope;
  }
}

/** An answer that is not what was asked for; it is asked for again, and becomes a fault when it stays so. */
export class UnsoundAnswer extends Error {
  override readonly name = "UnsoundAnswer";
}

/** The user ended the command. */
export const interrupted = (): AppError =>
  new AppError("interrupted", "Interrupted. What was complete is kept; the same command goes on from there.");
