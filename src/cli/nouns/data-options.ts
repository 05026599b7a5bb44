/** Options of the commands that work on a data directory. */
import type { Command } from "commander";

export function withDataDirectory(command: Command): Command {
  return command
    .option("--data-dir <dir>", "the data directory (default: tapedeck in the system's directory for data)")
    .option("--config <file>", "a config file (default: tapedeck.config.json, if it is there)");
}

export function withSample(command: Command): Command {
  return command.option("--sample", "the built-in sample too (default)").option("--no-sample", "imported bars only");
}

/** For commands that ask a running server. */
export const withServer = (command: Command): Command =>
  command.option("--url <url>", "the server (default: TAPEDECK_URL, else http://127.0.0.1:5000)");

const collect = (value: string, earlier: readonly string[] | undefined): readonly string[] => [
  ...(earlier ?? []),
  value,
];

/** For commands that make a session. */
export const withConfig = (command: Command): Command =>
  command
    .option("--profile <profile>", "a set of assumptions, such as conservative (default) or ideal")
    .option(
      "--option <key=value>",
      "an option of the config, the value as JSON or a plain word; may be repeated",
      collect,
    );
