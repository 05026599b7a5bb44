/** `tapedeck data`: its verbs, their options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { addCatalog } from "./data-catalog.ts";
import { addDownload } from "./data-download.ts";
import { withDataDirectory } from "./data-options.ts";

/** The market's own list, which is not loaded for a line of help. A test holds the two together. */
const FORMATS =
  "csv, polygon, alpaca-csv, alpaca-json, yahoo, yfinance, lean, lean-factors, lean-map, firstrate, ninjatrader, parquet";

export function addData(program: Command, addLeaf: AddLeaf): void {
  const data = program
    .command("data")
    .summary("import, list, check and remove bars, corporate actions and assets")
    .description("Import, list, check and remove bars and what belongs to them: corporate actions, traits of assets.");
  addBars(data, addLeaf);
  addTables(data, addLeaf);
  addCatalog(data, addLeaf);
  addDownload(data, addLeaf);
}

function addBars(data: Command, addLeaf: AddLeaf): void {
  addLeaf(data, {
    name: "import",
    summary: "import files of bars",
    about:
      "Plain CSV, Polygon or Massive flat files, Alpaca's bars as JSON or alpaca-py's CSV, Yahoo and yfinance CSV, LEAN " +
      "data, FirstRate and NinjaTrader text, and Parquet; gzip, in a zip archive, or a folder with all that is below it. " +
      "What a file is shows in its content. Each argument is taken as a whole or not at all, and again changes nothing; " +
      "rows that cannot be taken are reported. A running server sees the new bars at once.",
    shape: (command) =>
      withDataDirectory(
        command
          .argument("<paths...>", "files and folders to import, one after the other")
          .option(
            "--symbol <symbols>",
            "the symbol of a file's bars; of files of many and of folders, those to take, with commas",
          )
          .option(
            "--timeframe <timeframe>",
            "the length of a bar: 1Min, 5Min, 1Hour, 1Day … (default: what the files say)",
          )
          .option("--format <format>", `one of ${FORMATS} (default: what the content says)`)
          .option(
            "--timezone <zone>",
            "of times without an offset: America/New_York, UTC … (default: the format's own)",
          )
          .option(
            "--columns <columns>",
            "what the columns of a CSV or Parquet file hold: timestamp=Time,open=O,… by name; timestamp,open,-,high,… by place where there is no header",
          )
          .option(
            "--time-format <format>",
            "how times are written in a CSV file: iso, date, mdy, dmy, s, ms, us, ns (default: iso)",
          )
          .option("--on-conflict <policy>", "days that contradict the catalog: fail, keep or replace (default: fail)")
          .option("--adjusted", "mark the series: its prices are adjusted for splits or dividends")
          .option("--no-adjusted", "take the mark away: prices are as they were traded"),
      ),
    examples: [
      "data import SPY.csv.gz --symbol SPY --timeframe 1Min",
      "data import us_stocks_sip/minute_aggs_v1 --symbol AAPL,MSFT",
      "data import bars.csv --columns 'timestamp=Date Time,open=O,high=H,low=L,close=C,volume=V' --timezone Europe/London",
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
