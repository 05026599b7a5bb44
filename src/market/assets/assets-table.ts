/** The table of assets: what a broker says of each, where it is not what Tapedeck takes for granted. */
import { NAME_LENGTH_MAX } from "../../kernel/index.ts";
import type { RowProblem } from "../import/refused-rows.ts";
import { isSymbol } from "../symbol.ts";
import { badSymbol, compareText, type Cells, type TableKind } from "../tables/table-kind.ts";
import type { Leverage } from "./known-leverage.ts";

/** A row says nothing of what it leaves out. */
export interface AssetRow {
  readonly symbol: string;
  readonly name?: string;
  readonly exchange?: string;
  readonly isFractionable?: boolean;
  readonly isShortable?: boolean;
  readonly isEasyToBorrow?: boolean;
  readonly isMarginable?: boolean;
  readonly isTradable?: boolean;
  readonly leverage?: Leverage;
}

/** Alpaca's spelling. */
const EXCHANGES = ["AMEX", "ARCA", "BATS", "NYSE", "NASDAQ", "NYSEARCA", "OTC"];

export const ASSETS_TABLE: TableKind<AssetRow> = {
  name: "assets",
  required: ["symbol"],
  optional: ["name", "exchange", "fractionable", "shortable", "easy_to_borrow", "marginable", "tradable", "leverage"],
  read: readAsset,
  keyOf: ({ symbol }) => symbol,
  write: (row) => [
    row.symbol,
    row.name ?? "",
    row.exchange ?? "",
    claimText(row.isFractionable),
    claimText(row.isShortable),
    claimText(row.isEasyToBorrow),
    claimText(row.isMarginable),
    claimText(row.isTradable),
    row.leverage === undefined ? "" : String(row.leverage),
  ],
  merge: (old, incoming) => ({ ...old, ...incoming }),
  compare: (a, b) => compareText(a.symbol, b.symbol),
};

const claimText = (claim: boolean | undefined): string => (claim === undefined ? "" : String(claim));

function readAsset(cells: Cells): AssetRow | RowProblem {
  const problem = problemOf(cells);
  if (problem !== undefined) return problem;
  const claim = (column: string): boolean | undefined => CLAIMS.get(cells(column).toLowerCase());
  return stated({
    symbol: cells("symbol"),
    name: cells("name") === "" ? undefined : cells("name"),
    exchange: cells("exchange") === "" ? undefined : cells("exchange"),
    isFractionable: claim("fractionable"),
    isShortable: claim("shortable"),
    isEasyToBorrow: claim("easy_to_borrow"),
    isMarginable: claim("marginable"),
    isTradable: claim("tradable"),
    leverage: LEVERAGES.get(cells("leverage")),
  });
}

type Unfiltered = { readonly [Key in keyof Required<AssetRow>]: AssetRow[Key] | undefined };

/** Leaves out what is undefined, so that one row can be laid over another. */
const stated = (row: Unfiltered): AssetRow =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as unknown as AssetRow;

const CLAIM_COLUMNS = ["fractionable", "shortable", "easy_to_borrow", "marginable", "tradable"];

const CLAIMS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

const LEVERAGES: ReadonlyMap<string, Leverage> = new Map<string, Leverage>([
  ["1", 1],
  ["2", 2],
  ["3", 3],
]);

function problemOf(cells: Cells): RowProblem | undefined {
  if (!isSymbol(cells("symbol"))) return badSymbol("symbol", cells("symbol"));
  const claim = CLAIM_COLUMNS.find((column) => cells(column) !== "" && !CLAIMS.has(cells(column).toLowerCase()));
  if (claim !== undefined) return { reason: "bad_claim", message: `${gotIn(cells, claim)}, wanted true or false` };
  return nameProblem(cells) ?? exchangeProblem(cells) ?? leverageProblem(cells);
}

function nameProblem(cells: Cells): RowProblem | undefined {
  const name = cells("name");
  if (name.length <= NAME_LENGTH_MAX && !UNPRINTABLE.test(name)) return undefined;
  const wanted = `wanted at most ${NAME_LENGTH_MAX} characters of UTF-8 without control characters`;
  return { reason: "bad_name", message: `${gotIn(cells, "name").slice(0, NAME_LENGTH_MAX)}, ${wanted}` };
}

/** Control characters, and what stands for bytes that were not UTF-8. */
const UNPRINTABLE = /[\p{Cc}\uFFFD]/u;

function exchangeProblem(cells: Cells): RowProblem | undefined {
  const exchange = cells("exchange");
  if (exchange === "" || EXCHANGES.includes(exchange)) return undefined;
  return { reason: "bad_exchange", message: `${gotIn(cells, "exchange")}, wanted ${EXCHANGES.join(", ")} or nothing` };
}

function leverageProblem(cells: Cells): RowProblem | undefined {
  const leverage = cells("leverage");
  if (leverage === "" || LEVERAGES.has(leverage)) return undefined;
  return { reason: "bad_leverage", message: `${gotIn(cells, "leverage")}, wanted 1, 2 or 3` };
}

const gotIn = (cells: Cells, column: string): string => `${column}: got ${JSON.stringify(cells(column))}`;
