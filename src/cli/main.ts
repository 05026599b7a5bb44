/** The `tapedeck` command: reads the words, runs one command, and ends with an exit code that says how it went. */
import { readFileSync } from "node:fs";
import { CommanderError, type Command } from "commander";
import { EXIT_CODES, exitOf, wrongUsage } from "./exit-codes.ts";
import { errorDocument, errorText, toJson } from "./output/answers.ts";
import { createProgram } from "./program.ts";

/** Runs the words that follow `tapedeck`; sets the exit code of the process and lets it end by itself. */
export async function main(words: readonly string[]): Promise<void> {
  endWithReader();
  const isJson = asksForJson(words);
  try {
    await runWords(words, isJson);
  } catch (error) {
    process.stderr.write(isJson ? toJson(errorDocument(error)) : errorText(error));
    process.exitCode = EXIT_CODES[exitOf(error)].code;
  }
}

async function runWords(words: readonly string[], isJson: boolean): Promise<void> {
  let help = "";
  const program = createProgram({
    env: process.env,
    version: readVersion(),
    answer: (document, text) => {
      process.stdout.write(isJson ? toJson(document) : `${text}\n`);
    },
    write: (text) => {
      process.stdout.write(text);
    },
    // Commander writes its errors before it throws them; only the help of a half-named command is news.
    writeError: (text) => {
      help += text;
    },
  });
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    if (error.code === "commander.help") throw wrongUsage(`A command is missing.\n\n${help.trimEnd()}`);
    throw wrongUsage(`${error.message.replace(/^error: /, "")}\nSee: ${pathOf(program, words)} --help`);
  }
}

/** Words after "--" are arguments, whatever they look like. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).includes("--json");
}

/** The command that the words lead to, as far as they name one. */
function pathOf(command: Command, words: readonly string[]): string {
  const [word, ...rest] = words;
  const child = command.commands.find((one) => one.name() === word);
  if (child === undefined) return command.name();
  return `${command.name()} ${pathOf(child, rest)}`;
}

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** `tapedeck data list | head -1` closes the pipe early; that is no fault. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT_CODES.ok.code);
  });
}
