/** An error as the server words it: shown to the reader unchanged. */

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP's; 0 where no answer came. */
  readonly status: number;
  /** Alpaca's eight digits; undefined where the answer had none. */
  readonly code: number | undefined;

  constructor(message: string, status: number, code?: number) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The error in an answer's body, whatever that is. */
export function errorOf(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "message" in body && typeof body.message === "string") {
    const code = "code" in body && typeof body.code === "number" ? body.code : undefined;
    return new ApiError(body.message, status, code);
  }
  return new ApiError(`the server answered ${status} without saying why`, status);
}

/** What to show of anything that was thrown: the sentence, and the code where there is one. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  return error.code === undefined ? error.message : `${error.message} (${error.code})`;
}
