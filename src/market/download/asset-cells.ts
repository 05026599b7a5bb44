/** An asset of a provider, put through the same checks as that of a file; what does not pass is left out. */
import { NAME_LENGTH_MAX } from "../../kernel/index.ts";
import { ASSETS_TABLE, type AssetRow } from "../assets/assets-table.ts";
import { printable } from "./answer-fields.ts";
import { UnsoundAnswer } from "./download-fault.ts";

/** Columns of the table of assets; an empty text states nothing. */
export type AssetCells = Readonly<Record<string, string | undefined>>;

export function assetRow(symbol: string, cells: AssetCells): AssetRow {
  const name = printable((cells["name"] ?? "").replaceAll("\uFFFD", ""), NAME_LENGTH_MAX - 1);
  const row = read({ ...cells, symbol, name });
  if (!("reason" in row)) return row;
  // An exchange that the table does not know (a new one) is no reason to lose the rest.
  const without = read({ ...cells, symbol, name, exchange: "" });
  if ("reason" in without) throw new UnsoundAnswer(`the asset ${symbol}: ${without.message}`);
  return without;
}

const read = (cells: AssetCells): ReturnType<typeof ASSETS_TABLE.read> =>
  ASSETS_TABLE.read((column) => cells[column] ?? "");
