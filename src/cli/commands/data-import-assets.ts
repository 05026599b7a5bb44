/** `tapedeck data import-assets`: a file of names, exchanges and traits of assets, as a whole or not at all. */
import type { Call } from "../call.ts";
import { loadMarket } from "../rooms.ts";
import { importTable } from "./import-table.ts";

export async function run(call: Call): Promise<void> {
  const { importAssets } = await loadMarket();
  await importTable(call, importAssets);
}
