/** What the imports of tables have in common: a file into the data directory, with a report of what was refused. */
import { basename } from "node:path";
import type { TableImportOptions, TableImportReport } from "../../market/index.ts";
import { argument, type Call } from "../call.ts";
import { openBytesProgress } from "../output/progress.ts";
import { tableImportText } from "../output/table-import-text.ts";
import { loadMarket, loadServer } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

export async function importTable(
  call: Call,
  importFrom: (options: TableImportOptions) => Promise<TableImportReport>,
): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { prepareDataDirectory } = await loadServer();
  const { openMarket } = await loadMarket();
  const market = await openMarket({ dataDir: prepareDataDirectory(dataDir), sample });
  const path = argument(call, 0);
  const progress = openBytesProgress(basename(path), call.options["json"] === true);
  try {
    const report = await importFrom({ market, path, onProgress: progress.show });
    call.answer(report, tableImportText(report));
  } finally {
    progress.close();
  }
}
