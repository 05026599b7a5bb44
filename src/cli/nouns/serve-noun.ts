/** `tapedeck serve`: its options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withDataDirectory } from "./data-options.ts";

export function addServe(program: Command, addLeaf: AddLeaf): void {
  addLeaf(program, {
    name: "serve",
    summary: "start the server",
    about:
      "It runs until SIGINT or SIGTERM, then answers what it has begun, writes what is to be written, and ends with 0; " +
      "a second signal ends it at once. Every option may also come from the environment or a config file.",
    shape: (command) =>
      withDataDirectory(
        command
          .option("--port <number>", "the port; 0 takes a free one (default: 5000)")
          .option("--host <name>", "where to listen; the development key works on loopback only (default: 127.0.0.1)"),
      )
        .option("--sample", "offer the built-in sample (default)")
        .option("--no-sample", "offer imported bars only")
        .option("--allowed-host <names...>", "names besides loopback's that a Host header may carry")
        .option("--tls-cert <file>", "a certificate in PEM: https and wss instead of http and ws")
        .option("--tls-key <file>", "its private key in PEM")
        .option("--tls-self-signed", "the same with a certificate of the server's own; it says how to trust it")
        .option("--log-level <level>", "silent, fatal, error, warn, info, debug or trace (default: warn)"),
    examples: [
      "serve",
      "serve --port 0 --data-dir ./tape --no-sample",
      "serve --host 0.0.0.0 --allowed-host tape.example.org",
    ],
    load: () => import("../commands/serve.ts"),
  });
}
