/** How a command ends: every exit code, with what it means. docs/reference/cli.md and `tapedeck --help` list them. */
import { AppError, type FaultCode, type Refusal } from "../kernel/index.ts";

export const EXIT_CODES = {
  ok: { code: 0, means: "Done." },
  fault: { code: 1, means: "The world is in the way (a file, the disk, a port), or a bug; the message says which." },
  usage: { code: 2, means: "Wrong usage: an argument, an option or a setting." },
  refused: { code: 3, means: "The server refused; the message is its own." },
  unreachable: { code: 4, means: "No server answered." },
  not_found: { code: 5, means: "The session, key or symbol that was named does not exist." },
  interrupted: {
    code: 130,
    means: "Ended by a signal before it was done, or a server that was held up as it stopped.",
  },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** A fault that says how the command ends; details are fields of the JSON error besides code and message. */
export class CommandError extends AppError {
  readonly exit: ExitName;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: FaultCode, message: string, ending: { exit: ExitName; details?: Record<string, unknown> }) {
    super(code, message);
    this.exit = ending.exit;
    this.details = ending.details ?? {};
  }
}

/** Wrong words on the command line. */
export const wrongUsage = (message: string): CommandError =>
  new CommandError("bad_argument", message, { exit: "usage" });

/** `state`: what the end has left behind. */
export const interrupted = (state: string): AppError =>
  new AppError("interrupted", `The command was ended by a signal before it was done: ${state}.`);

/** The catalog has no such symbol or series, or the words for it are wrong. */
export const refusedSelection = ({ reason, message }: Refusal): CommandError =>
  new CommandError("bad_argument", message, { exit: reason === "not_found" ? "not_found" : "usage" });

/** How a command ends that threw this. */
export function exitOf(error: unknown): ExitName {
  if (error instanceof CommandError) return error.exit;
  if (!(error instanceof AppError)) return "fault";
  if (error.code === "interrupted") return "interrupted";
  return error.code === "bad_argument" ? "usage" : "fault";
}
