/** Answers and errors as a terminal or a script reads them. */
import { styleText } from "node:util";
import { AppError } from "../../kernel/index.ts";
import { CommandError } from "../exit-codes.ts";

export const toJson = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;

/** What --json writes to standard error: the fault's code, or "bug", and a message. */
export function errorDocument(error: unknown): { readonly error: Readonly<Record<string, unknown>> } {
  const details = error instanceof CommandError ? error.details : {};
  return { error: { code: error instanceof AppError ? error.code : "bug", message: messageOf(error), ...details } };
}

/** What a person reads: the fault's code and the message; of a bug, where it happened. */
export function errorText(error: unknown): string {
  const name = (code: string): string => styleText("red", `tapedeck (${code}):`, { stream: process.stderr });
  if (error instanceof AppError) return `${name(error.code)} ${messageOf(error)}\n`;
  const trace = error instanceof Error ? error.stack : undefined;
  return `${name("bug")} please report this with these lines.\n${trace ?? String(error)}\n`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
