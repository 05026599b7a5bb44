/** `tapedeck backup` and `restore`: their options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withDataDirectory } from "./data-options.ts";

export function addBackup(program: Command, addLeaf: AddLeaf): void {
  addLeaf(program, {
    name: "backup",
    summary: "copy sessions, bars and keys into a new folder, while the server runs",
    about:
      "The server goes on meanwhile, and need not run. Everything that it had answered for before is in the backup. " +
      "The folder appears when it is whole. Ends with 1 where something was damaged before, after its report.",
    shape: (command) => withDataDirectory(command.argument("<to>", "the folder to make")),
    examples: ["backup /mnt/safe/tapedeck-monday", "backup ../before-the-upgrade --data-dir ./tape"],
    load: async () => ({ run: (await import("../commands/backup.ts")).backup }),
  });
  addLeaf(program, {
    name: "restore",
    summary: "make a data directory of a backup",
    about: "Every byte is checked before anything is touched. A backup holds keys: restore only what you trust.",
    shape: (command) =>
      withDataDirectory(command.argument("<from>", "the folder of a backup")).option(
        "--force",
        "move a data directory that is there aside",
      ),
    examples: ["restore /mnt/safe/tapedeck-monday", "restore /mnt/safe/tapedeck-monday --data-dir ./tape --force"],
    load: async () => ({ run: (await import("../commands/backup.ts")).restore }),
  });
  addLeaf(program, {
    name: "rescue",
    summary: "read what is left of a damaged data directory into a new one",
    about:
      "For a directory with which no server starts, when there is no backup. It stays as it is. Names the sessions of " +
      "which entries are lost, and ends with 1 where something is.",
    shape: (command) => withDataDirectory(command.argument("<to>", "the data directory to make")),
    examples: ["rescue ./rescued --data-dir ./tape"],
    load: async () => ({ run: (await import("../commands/backup.ts")).rescue }),
  });
}
