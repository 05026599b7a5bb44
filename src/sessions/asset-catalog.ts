/** The catalog as the API sees it: assets, and bars and prices without a clock. */
import { instant, isRefusal, priceFromBar } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import type { AssetCatalog } from "./types.ts";

/** After every bar that can be imported: the exchange calendar ends with 2030. */
const END_OF_DATA = instant(1_925_000_000_000);

export function catalogOf(market: Market): AssetCatalog {
  return {
    coverage: () => market.describe(),
    assets: () => market.assets(),
    corporateActions: () => market.allCorporateActions(),
    adjustedSymbols: () => market.adjustedSymbols(),
    findAsset: (symbolOrId) => market.findAsset(symbolOrId),
    lastPrice: async (symbol) => {
      const loaded = await market.load({ symbols: [symbol], from: END_OF_DATA, until: END_OF_DATA });
      if (isRefusal(loaded)) return loaded;
      const bar = loaded.lastBarBefore(symbol, END_OF_DATA);
      return bar === undefined ? undefined : { price: priceFromBar(bar.close), at: bar.end };
    },
    bars: (query) => market.bars({ ...query, knownAt: undefined }),
  };
}
