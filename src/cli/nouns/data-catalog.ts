/** `tapedeck data show`, `verify`, `remove` and `export`: looking after the data that is there. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withDataDirectory, withSample } from "./data-options.ts";

export function addCatalog(data: Command, addLeaf: AddLeaf): void {
  addLeaf(data, {
    name: "show",
    summary: "show everything about one symbol",
    about:
      "Its series with their years, the trading days that are partial or missing by the exchange calendar, the " +
      "asset's traits and its corporate actions.",
    shape: (command) =>
      withSample(withDataDirectory(command.argument("<symbol>", "the symbol to show"))).option(
        "--all",
        "list every partial and missing day, not the first 20 of each series",
      ),
    examples: ["data show AAPL", "data show SPY --all --json"],
    load: () => import("../commands/data-show.ts"),
  });
  addLeaf(data, {
    name: "verify",
    summary: "check bars and their files",
    about:
      "Files are held against their hashes, bars against what bars can be, days against the exchange calendar, and " +
      "overnight moves against the splits on record. Errors are never right and end the command with 1; warnings " +
      "may be right, and a person should look.",
    shape: (command) =>
      withSample(
        withDataDirectory(command.argument("[symbols...]", "the symbols to check (default: all)"))
          .option("--timeframe <timeframe>", "check bars of this length only")
          .option("--strict", "end with 1 for warnings too"),
      ),
    examples: ["data verify", "data verify AAPL MSFT --timeframe 1Min", "data verify --strict --json"],
    load: () => import("../commands/data-verify.ts"),
  });
  addLeaf(data, {
    name: "remove",
    summary: "remove bars of some symbols",
    about:
      "All series of each symbol, or those of one timeframe; damaged files too. It asks before it removes; where " +
      "nobody can be asked it needs --yes. A running server sees it at once.",
    shape: (command) =>
      withSample(
        withDataDirectory(command.argument("<symbols...>", "the symbols whose bars to remove"))
          .option("--timeframe <timeframe>", "remove bars of this length only")
          .option("--actions", "remove the symbols' corporate actions too")
          .option("--yes", "do not ask"),
      ),
    examples: ["data remove AAPL", "data remove AAPL MSFT --timeframe 1Day --yes", "data remove OLD --actions --yes"],
    load: () => import("../commands/data-remove.ts"),
  });
  addLeaf(data, {
    name: "export",
    summary: "write bars into a file",
    about:
      "CSV with the columns of alpaca-py's data frames, gzip or not, or Parquet: the name's ending says which. Bars of " +
      "any of Alpaca's timeframes, made of the finest data there is; importing such a file gives the same bars again.",
    shape: (command) =>
      withSample(
        withDataDirectory(command.argument("<symbols...>", "the symbols whose bars to write"))
          .requiredOption("--output <file>", "the file to write: .csv, .csv.gz or .parquet")
          .option("--timeframe <timeframe>", "the length of a bar: 1Min, 1Hour, 1Day, 1Week … (default: the finest)")
          .option("--from <date>", "the first New York date (default: all)")
          .option("--to <date>", "the last New York date, itself included (default: all)")
          .option("--adjustment <kinds>", "raw, split, dividend or all (default: raw)")
          .option("--force", "write over a file that is there"),
      ),
    examples: [
      "data export SPY --output SPY_1Min.parquet",
      "data export AAPL MSFT --timeframe 1Day --adjustment all --from 2023-01-01 --output days_adjusted.csv.gz",
    ],
    load: () => import("../commands/data-export.ts"),
  });
}
