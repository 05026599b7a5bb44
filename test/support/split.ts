/** A corporate action for tests: one split of AAPL on the fourth of January 2023. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importActions, openMarket } from "../../src/market/index.ts";

/** Called with a data directory before the market is opened. */
export async function importSplit(dataDir: string): Promise<void> {
  const path = join(dataDir, "actions.csv");
  writeFileSync(path, "symbol,ex_date,type,old_rate,new_rate,cash_per_share\nAAPL,2023-01-04,split,1,2,\n");
  await importActions({ market: await openMarket({ dataDir }), path });
  rmSync(path);
}
