/** The tree of commands, noun then verb: names, options and help. What a command does is loaded when it runs. */
import { Command, Help, type Option } from "commander";
import type { Call, Run } from "./call.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { addBackup } from "./nouns/backup-noun.ts";
import { addData } from "./nouns/data-noun.ts";
import { addKeys } from "./nouns/keys-noun.ts";
import { addRun } from "./nouns/run-noun.ts";
import { addServe } from "./nouns/serve-noun.ts";
import { addSession } from "./nouns/session-noun.ts";

export interface ProgramParts extends Pick<Call, "env" | "version" | "answer"> {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** What a noun needs to add its verbs. */
export type AddLeaf = (parent: Command, leaf: Leaf) => void;

export interface Leaf {
  readonly name: string;
  readonly summary: string;
  /** Further sentences of the help. */
  readonly about?: string;
  /** Arguments and options. */
  readonly shape?: (command: Command) => Command;
  /** Without the leading "tapedeck". */
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: Run }>;
}

const HELP_WIDTH = 100;

const INTRODUCTION = `A broker you can rewind: an Alpaca-compatible broker and market-data server on a clock you control.

Start with \`tapedeck serve\`; it prints what to try next.`;

/** Throws CommanderError for words that it does not understand, and after help and version. */
export function createProgram(parts: ProgramParts): Command {
  const width = (): number => Math.min(process.stdout.columns ?? HELP_WIDTH, HELP_WIDTH);
  const program = new Command("tapedeck")
    .description(INTRODUCTION)
    .version(parts.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .option("--json", "answer with one JSON document; errors as JSON on standard error")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: globalOptionsOf })
    .configureOutput({
      writeOut: parts.write,
      writeErr: parts.writeError,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
    });
  const addLeaf: AddLeaf = (parent, leaf) => {
    const command = parent.command(leaf.name).summary(leaf.summary).description(describe(leaf));
    leaf.shape?.(command);
    command.addHelpText("after", `\n${examples(leaf.examples)}`);
    command.action(async () => {
      const { run } = await leaf.load();
      await run({
        args: command.args,
        options: command.optsWithGlobals(),
        env: parts.env,
        version: parts.version,
        answer: parts.answer,
      });
    });
  };
  addServe(program, addLeaf);
  addData(program, addLeaf);
  addKeys(program, addLeaf);
  addSession(program, addLeaf);
  addRun(program, addLeaf);
  addBackup(program, addLeaf);
  for (const noun of program.commands) noun.helpCommand(false);
  program.configureHelp({ visibleCommands: leavesOf, subcommandTerm: nameFromRoot });
  return program.addHelpText("after", `\n${exitCodes()}`);
}

/** --json alone: the version's option belongs to the first help. */
function globalOptionsOf(command: Command): Option[] {
  const root = command.parent?.parent ?? command.parent;
  return root?.options.filter(({ long }) => long === "--json") ?? [];
}

/** The commands that do something, so that the first help shows them all. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length === 0 ? [child] : leavesOf(child)));
}

function nameFromRoot(command: Command): string {
  const noun = command.parent?.parent === null ? "" : `${command.parent?.name() ?? ""} `;
  return noun + new Help().subcommandTerm(command);
}

function describe({ summary, about }: Leaf): string {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return about === undefined ? sentence : `${sentence} ${about}`;
}

function examples(lines: readonly string[]): string {
  return ["Examples:", ...lines.map((line) => `  $ tapedeck ${line}`)].join("\n");
}

function exitCodes(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, means }) => `  ${String(code).padEnd(4)} ${means}`);
  return ["Exit codes:", ...rows].join("\n");
}
