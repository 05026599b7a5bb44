/** What the catalog's surface needs of the house: a look at one symbol, removing it, and imports. */
import type { Refusal } from "../../kernel/index.ts";
import type { RemovalReport, SymbolDetail, Uploads } from "../../sessions/index.ts";

export interface Removal {
  readonly symbol: string;
  readonly timeframe: string | undefined;
  readonly withActions: boolean;
}

export interface CatalogPort {
  /** Refuses "not_found". Throws AppError "data_directory_damaged". */
  readonly describe: (symbol: string) => Promise<SymbolDetail | Refusal>;
  /** Refuses "not_found" and "bad_request". Throws AppError "data_directory_locked". */
  readonly remove: (removal: Removal) => Promise<RemovalReport | Refusal>;
  readonly uploads: Uploads;
}
