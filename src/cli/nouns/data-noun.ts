/** `tapedeck data`: its verbs, their options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { addDownload } from "./data-download.ts";
import { withDataDirectory } from "./data-options.ts";

export function addData(program: Command, addLeaf: AddLeaf): void {
  const data = program
    .command("data")
    .summary("import and list bars, corporate actions and assets")
    .description("Import and list bars and what belongs to them: corporate actions, traits of assets.");
  addBars(data, addLeaf);
  addTables(data, addLeaf);
  addDownload(data, addLeaf);
}

function addBars(data: Command, addLeaf: AddLeaf): void {
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
          .option("--format <format>", "csv or polygon (default: what the header says)")
          .option("--adjusted", "mark the series: its prices are adjusted for splits or dividends")
          .option("--no-adjusted", "take the mark away: prices are as they were traded"),
      ),
    examples: [
      "data import SPY.csv.gz --symbol SPY --timeframe 1Min",
      "data import 2023-01-*.csv.gz --format polygon --symbol AAPL,MSFT",
      "data import AAPL.csv --timeframe 1Day --adjusted",
    ],
    load: () => import("../commands/data-import.ts"),
  });
  addLeaf(data, {
    name: "list",
    summary: "list the bars that are there",
    about: "Bars of the built-in sample are marked as synthetic, series of adjusted prices as adjusted.",
    shape: (command) =>
      withDataDirectory(command)
        .option("--sample", "list the built-in sample too (default)")
        .option("--no-sample", "list imported bars only"),
    examples: ["data list", "data list --no-sample --json"],
    load: () => import("../commands/data-list.ts"),
  });
}

function addTables(data: Command, addLeaf: AddLeaf): void {
  addLeaf(data, {
    name: "import-actions",
    summary: "import splits, dividends and other corporate actions",
    about:
      "CSV with symbol,ex_date,type,old_rate,new_rate,cash_per_share[,record_date,pay_date,new_symbol], gzip or not; " +
      "types are split, cash_dividend, symbol_change, delisting and merger. A row takes the place of what is there " +
      "for its symbol, ex-date and type; rows that cannot be taken are reported.",
    shape: (command) => withDataDirectory(command.argument("<file>", "the file to import")),
    examples: ["data import-actions corporate_actions.csv"],
    load: () => import("../commands/data-import-actions.ts"),
  });
  addLeaf(data, {
    name: "import-assets",
    summary: "import names, exchanges and traits of assets",
    about:
      "CSV with symbol[,name,exchange,fractionable,shortable,easy_to_borrow,marginable,tradable,leverage], gzip or " +
      "not. An empty field leaves what is known; rows that cannot be taken are reported.",
    shape: (command) => withDataDirectory(command.argument("<file>", "the file to import")),
    examples: ["data import-assets assets.csv"],
    load: () => import("../commands/data-import-assets.ts"),
  });
  addLeaf(data, {
    name: "actions",
    summary: "list corporate actions",
    shape: (command) => withDataDirectory(command.argument("[symbol]", "the symbol whose actions to list")),
    examples: ["data actions", "data actions AAPL --json"],
    load: () => import("../commands/data-actions.ts"),
  });
}
