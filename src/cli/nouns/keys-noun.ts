/** `tapedeck keys`: its verbs, their options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withDataDirectory, withServer } from "./data-options.ts";

export function addKeys(program: Command, addLeaf: AddLeaf): void {
  const keys = program
    .command("keys")
    .summary("make and end API keys")
    .description("Make and end API keys. A running server knows of it within a moment.");
  const withId = (command: Command): Command => withDataDirectory(command.argument("<id>", "the key's id"));
  addLeaf(keys, {
    name: "create",
    summary: "make a key; its secret is shown this once",
    shape: (command) =>
      withDataDirectory(
        withServer(
          command
            .option("--name <name>", "what the key is for", "unnamed")
            .option("--account <id>", "make it for this account alone, through the running server")
            .option("--scope <scope>", "with --account: account, or session to let it move the clock too", "account"),
        ),
      ),
    examples: [
      'keys create --name "my bot"',
      "keys create --json",
      "keys create --account 5b1c8e0a-4f0d-5f0a-8a86-0f7f6f1c3c11 --scope session",
    ],
    load: async () => ({ run: (await import("../commands/keys.ts")).create }),
  });
  addLeaf(keys, {
    name: "list",
    summary: "list keys, never their secrets",
    shape: withDataDirectory,
    examples: ["keys list"],
    load: async () => ({ run: (await import("../commands/keys.ts")).list }),
  });
  addLeaf(keys, {
    name: "rotate",
    summary: "give a key a new secret; its sessions stay",
    shape: withId,
    examples: ["keys rotate TKABCDEFGHIJKLMNOPQR"],
    load: async () => ({ run: (await import("../commands/keys.ts")).rotate }),
  });
  addLeaf(keys, {
    name: "revoke",
    summary: "end a key for good",
    shape: withId,
    examples: ["keys revoke TKABCDEFGHIJKLMNOPQR"],
    load: async () => ({ run: (await import("../commands/keys.ts")).revoke }),
  });
}
