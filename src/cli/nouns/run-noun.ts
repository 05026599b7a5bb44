/** `tapedeck run`: its options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withConfig, withDataDirectory } from "./data-options.ts";

export function addRun(program: Command, addLeaf: AddLeaf): void {
  addLeaf(program, {
    name: "run",
    summary: "run a bot through a span of history",
    about:
      "Starts a private server on a catalog of yours, a session and an account, and the command with Alpaca's addresses " +
      "leading there. Programs in Python and Node get the session's clock: sleeping a minute takes a simulated minute, at " +
      "any speed. Ends with the command's own exit code.",
    shape: (command) =>
      withConfig(
        withDataDirectory(
          command
            .argument("<command...>", "the bot, after --")
            .requiredOption(
              "--from <time>",
              "where the clock begins: a date (its regular open), or a time with an offset",
            )
            .requiredOption("--to <time>", "where it ends: a date (its regular close), or a time with an offset")
            .option("--cash <dollars>", "cash of the account (default: 100000)")
            .option("--symbols <symbols>", "comma list: refuse to start where one of them has no bars")
            .option("--speed <times>", "times as fast as life, or max", "max")
            .option(
              "--clock <whose>",
              "bot: its own waiting moves the clock; session: it plays by itself; auto: as the bot does",
              "auto",
            ),
        ),
      ),
    examples: [
      "run --from 2023-01-03 --to 2023-01-31 -- python bot.py",
      "run --from 2023-01-03 --to 2023-03-31 --cash 25000 --profile ideal -- node bot.mjs",
      "run --from 2023-01-03 --to 2023-01-03 --speed 600 -- ./my-go-bot",
    ],
    load: () => import("../commands/run.ts"),
  });
}
