/** What the tests of importing share: files written into a data directory, and the bars that come of them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isRefusal } from "../../kernel/index.ts";
import type { BarsPage } from "../bars/page.ts";
import { openMarket, type Market } from "../market.ts";
import { temporaryDirectory, type AtEnd } from "../market-fixture.ts";
import { importFile, type ImportReport } from "./import-file.ts";
import type { ImportOptions } from "./import-options.ts";
import { importActions, importAssets, type TableImportOptions, type TableImportReport } from "./import-table.ts";

export const HEADER = "timestamp,open,high,low,close,volume";
export const GOOD = ["2024-03-05T14:30:00Z,10,12,9,11,100", "2024-03-05T14:31:00Z,11,11,8,9,300"];

const ACTION_HEADER = "symbol,ex_date,type,old_rate,new_rate,cash_per_share,record_date,pay_date,new_symbol";

type TakeTable = (content: string | Buffer, options?: Partial<TableImportOptions>) => Promise<TableImportReport>;

export interface Fixture {
  readonly market: Market;
  /** Writes a file and imports it. */
  readonly take: (name: string, content: string | Buffer, options?: Partial<ImportOptions>) => Promise<ImportReport>;
  readonly takeActions: TakeTable;
  readonly takeAssets: TakeTable;
}

export async function fixture(atEnd: AtEnd): Promise<Fixture> {
  const dataDir = await temporaryDirectory(atEnd);
  const market = await openMarket({ dataDir, sample: false });
  const take: Fixture["take"] = async (name, content, options = {}) => {
    const path = join(dataDir, name);
    await writeFile(path, content);
    return importFile({ market, path, ...options });
  };
  const takeTable =
    (importFrom: typeof importActions): TakeTable =>
    async (content, options = {}) => {
      const path = join(dataDir, "table.csv");
      await writeFile(path, content);
      return importFrom({ market, path, ...options });
    };
  return { market, take, takeActions: takeTable(importActions), takeAssets: takeTable(importAssets) };
}

/** A file of corporate actions with every column. */
export const actionsCsv = (...rows: readonly string[]): string => `${[ACTION_HEADER, ...rows].join("\n")}\n`;

export const csv = (...rows: readonly string[]): string => `${[HEADER, ...rows].join("\n")}\n`;

export async function barsOf(market: Market, symbol: string, timeframe: string): Promise<BarsPage["bars"]> {
  const open = { start: undefined, end: undefined, after: undefined, knownAt: undefined };
  const page = await market.bars({ symbol, timeframe, limit: 100_000, ...open });
  if (isRefusal(page)) throw new Error(page.message);
  return page.bars;
}

export async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof AppError) return error;
  throw new Error("It should have failed as an AppError.", { cause: error });
}
