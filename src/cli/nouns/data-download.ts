/** `tapedeck data download`: its options and help. */
import type { Command } from "commander";
import type { AddLeaf } from "../program.ts";
import { withDataDirectory } from "./data-options.ts";

export function addDownload(data: Command, addLeaf: AddLeaf): void {
  addLeaf(data, {
    name: "download",
    summary: "download bars from Alpaca or Polygon",
    about:
      "Unadjusted bars of stocks, with their splits, dividends and traits. The key is read from the environment: " +
      "APCA_API_KEY_ID and APCA_API_SECRET_KEY, or POLYGON_API_KEY (or MASSIVE_API_KEY). What is complete is kept " +
      "and recorded: the same command goes on where it was ended, and later asks for what is new.",
    shape: (command) =>
      withDataDirectory(
        command
          .requiredOption("--provider <name>", "alpaca, or polygon (Massive)")
          .requiredOption("--symbols <list>", "symbols with commas, or @file with a list of them")
          .requiredOption("--from <date>", "the first day, in New York")
          .option("--to <date>", "the last day, included (default: yesterday)")
          .requiredOption("--timeframe <timeframe>", "the length of a bar: 1Min, 5Min, 1Hour, 1Day …")
          .option("--feed <feed>", "Alpaca's feed: sip, iex or otc (default: sip)")
          .option("--rate <number>", "requests a minute (default: 200 for alpaca, 5 for polygon, as on free plans)")
          .option(
            "--on-conflict <way>",
            "where the catalog has another bar: fail, keep it, or replace it (default: fail)",
          )
          .option("--restart", "ask for everything again, whatever has been completed")
          .option("--no-actions", "leave corporate actions out")
          .option("--no-assets", "leave names and traits of assets out")
          .option("--base-url <url>", "another address of the provider")
          .option("--trading-url <url>", "the address of Alpaca's assets (default: as the key says, or --base-url)"),
      ),
    examples: [
      "data download --provider alpaca --symbols SPY,QQQ --from 2023-01-01 --to 2023-12-31 --timeframe 1Min",
      "data download --provider alpaca --symbols @symbols.txt --from 2016-01-01 --timeframe 1Day --feed iex",
      "data download --provider polygon --symbols AAPL --from 2024-01-01 --timeframe 1Min --rate 100",
    ],
    load: () => import("../commands/data-download.ts"),
  });
}
