/** The catalog as the API asks for it: one symbol's data, its removal, and files that are sent to be imported. */
import { isRefusal } from "../kernel/index.ts";
import { describeSymbol, openUploads, planRemoval, removeSeries, type Market, type Uploads } from "../market/index.ts";
import type { CatalogPort } from "../api/index.ts";

export interface Stock extends CatalogPort {
  readonly uploads: Uploads;
}

/** `directory`: where files wait that have been sent; nothing else may be there. */
export async function openStock(market: Market, directory: string): Promise<Stock> {
  return {
    describe: (symbol) => describeSymbol(market, symbol),
    remove: async ({ symbol, ...removal }) => {
      const plan = planRemoval(market, { symbols: [symbol], ...removal });
      return isRefusal(plan) ? plan : removeSeries(market, plan);
    },
    uploads: await openUploads({ market, directory }),
  };
}
