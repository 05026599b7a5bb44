/** The tables that a manifest names, in memory; one that has not changed is not read again. */
import type { CorporateAction } from "../../kernel/index.ts";
import { ASSETS_TABLE, type AssetRow } from "../assets/assets-table.ts";
import type { TableHashes } from "../catalog/manifest.ts";
import { ACTIONS_TABLE, actionsBySymbol } from "./actions-table.ts";
import { readTable } from "./table-file.ts";

export interface Tables {
  readonly hashes: TableHashes;
  readonly actions: ReadonlyMap<string, readonly CorporateAction[]>;
  readonly assetRows: ReadonlyMap<string, AssetRow>;
}

export const NO_TABLES: Tables = { hashes: {}, actions: new Map(), assetRows: new Map() };

/** Throws AppError "data_directory_damaged" naming the file. */
export function readTables(marketDir: string, hashes: TableHashes, known: Tables): Tables {
  const isKept = ({ name }: { name: keyof TableHashes }): boolean => hashes[name] === known.hashes[name];
  return {
    hashes,
    actions: isKept(ACTIONS_TABLE)
      ? known.actions
      : actionsBySymbol(readTable(marketDir, ACTIONS_TABLE, hashes[ACTIONS_TABLE.name]).values()),
    assetRows: isKept(ASSETS_TABLE) ? known.assetRows : readTable(marketDir, ASSETS_TABLE, hashes[ASSETS_TABLE.name]),
  };
}
