/** `tapedeck session replay`, `diff`, `verify`, `export` and `import`: their options and help. */
import type { Command } from "commander";
import type { Run } from "../call.ts";
import type { AddLeaf } from "../program.ts";
import { withConfig, withServer } from "./data-options.ts";
import { SESSION } from "./session-words.ts";

type Verb = "replay" | "compare" | "verify" | "exportFile" | "importFile";

const load = (verb: Verb) => async (): Promise<{ readonly run: Run }> => ({
  run: (await import("../commands/session-proof.ts"))[verb],
});

export function addProof(session: Command, addLeaf: AddLeaf): void {
  addRuns(session, addLeaf);
  addFiles(session, addLeaf);
}

function addRuns(session: Command, addLeaf: AddLeaf): void {
  addLeaf(session, {
    name: "replay",
    summary: "run a session's commands again, under the same options or others",
    about:
      "Tells the first event that differs, and how both have done at the end. The session itself stays as it is. It " +
      "runs on the bars that the server has, or with --data on those of another data directory.",
    shape: (command) =>
      withConfig(withServer(command.argument("<session>", SESSION)))
        .option("--data <dir>", "run on the bars of this data directory, on a copy that is gone afterwards")
        .option("--no-sample", "with --data: without the built-in sample"),
    examples: [
      "session replay 5f0c",
      "session replay 5f0c --profile pessimist",
      "session replay 5f0c --data ./other-bars --no-sample",
      `session replay 5f0c --option 'slippage={"model":"bps","args":[5]}'`,
    ],
    load: load("replay"),
  });
  addLeaf(session, {
    name: "diff",
    summary: "find where two sessions part",
    about: "Ends with 0 whether they differ or not.",
    shape: (command) => withServer(command.argument("<session>", SESSION).argument("<other>", "another one")),
    examples: ["session diff 5f0c 81ad", 'session diff "as it was" "with stops" --json'],
    load: load("compare"),
  });
  addLeaf(session, {
    name: "verify",
    summary: "prove a session: its hashes, its commands run again, its data",
    about: "Ends with 1 where something does not hold, after its report.",
    shape: (command) => withServer(command.argument("<session>", SESSION)),
    examples: ["session verify 5f0c", "session verify 5f0c --json | jq .journal_hash"],
    load: load("verify"),
  });
}

function addFiles(session: Command, addLeaf: AddLeaf): void {
  addLeaf(session, {
    name: "export",
    summary: "write a session as one file that another server can take in",
    about:
      "The bars that it used are named by hashes; with --with-bars they are written, too, up to the session's clock, " +
      "with what is known of their symbols. Most providers do not let you pass bars on.",
    shape: (command) =>
      withServer(command.argument("<session>", SESSION))
        .requiredOption("--output <file>", "the file to write")
        .option("--with-bars", "with the bars that it used")
        .option("--force", "write over a file that is there"),
    examples: ["session export 5f0c --output five.tapedeck", "session export 5f0c --output five.tapedeck --with-bars"],
    load: load("exportFile"),
  });
  addLeaf(session, {
    name: "import",
    summary: "take a session file in as a session of yours",
    about:
      "All of it or nothing; says which of the bars that it used are others here, or missing. With --take-bars, bars " +
      "of the file that the server's catalog lacks go into it; days that it has stay as they are.",
    shape: (command) =>
      withServer(command.argument("<file>", "a file that `session export` wrote")).option(
        "--take-bars",
        "bring bars of the file into the catalog, where it lacks them",
      ),
    examples: ["session import five.tapedeck", "session import five.tapedeck --take-bars"],
    load: load("importFile"),
  });
}
