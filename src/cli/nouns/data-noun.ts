/** `tapedeck data`: its verbs, their options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withDataDirectory } from "./data-options.ts";

export function addData(program: Command, addLeaf: AddLeaf): void {
  const data = program.command("data").summary("import and list bars").description("Import and list bars.");
  addLeaf(data, {
    name: "import",
    summary: "import files of bars",
    about:
      "Plain CSV (timestamp,open,high,low,close,volume[,vwap,trades]) and Polygon or Massive flat files, gzip or not. " +
      "Each file is taken as a whole or not at all, and again changes nothing; rows that cannot be taken are " +
      "reported. A running server sees the new bars at once.",
    shape: (command) =>
      withDataDirectory(
        command
          .argument("<files...>", "files to import, one after the other")
          .option("--symbol <symbol>", "the symbol of the file's bars; of a file of many, those to take, with commas")
          .option(
            "--timeframe <timeframe>",
            "the length of a bar: 1Min, 5Min, 1Hour, 1Day … (default: what the times say)",
          )
          .option("--format <format>", "csv or polygon (default: what the header says)"),
      ),
    examples: [
      "data import SPY.csv.gz --symbol SPY --timeframe 1Min",
      "data import 2023-01-*.csv.gz --format polygon --symbol AAPL,MSFT",
    ],
    load: () => import("../commands/data-import.ts"),
  });
  addLeaf(data, {
    name: "list",
    summary: "list the bars that are there",
    about: "Bars of the built-in sample are marked as synthetic.",
    shape: (command) =>
      withDataDirectory(command)
        .option("--sample", "list the built-in sample too (default)")
        .option("--no-sample", "list imported bars only"),
    examples: ["data list", "data list --no-sample --json"],
    load: () => import("../commands/data-list.ts"),
  });
}
