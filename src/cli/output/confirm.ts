/** Asks a person whether to go on, on standard error, so that an answer can be piped. */
import { createInterface } from "node:readline/promises";

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const TERMINAL: Terminal = { input: process.stdin, output: process.stderr };

/** Whether there is a person to ask. */
export const canAsk = ({ input, output }: Terminal = TERMINAL): boolean =>
  input.isTTY === true && output.isTTY === true;

/** True for "y" and "yes"; anything else, also the end of the input and an interrupt, is no. */
export async function confirm(question: string, { input, output }: Terminal = TERMINAL): Promise<boolean> {
  const reading = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => {
    reading.once("close", () => resolve(""));
  });
  try {
    const answer = await Promise.race([reading.question(`${question} [y/N] `).catch(() => ""), closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    reading.close();
  }
}
