/** `tapedeck data import-actions`: a file of splits, dividends and the like, as a whole or not at all. */
import type { Call } from "../call.ts";
import { loadMarket } from "../rooms.ts";
import { importTable } from "./import-table.ts";

export async function run(call: Call): Promise<void> {
  const { importActions } = await loadMarket();
  await importTable(call, importActions);
}
