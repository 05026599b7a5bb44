/** Finding an asset by whatever a client calls it. */
import type { Asset, AssetCatalog } from "../../sessions/index.ts";

/** Alpaca shows the position of a pair without its slash, and older clients order it so. */
const PAIR_WITHOUT_SLASH = /^[A-Z0-9]{2,14}$/;

/** By symbol in any case, with or without the slash of a pair, or by id. */
export function findAsset(catalog: AssetCatalog, symbolOrId: string): Asset | undefined {
  const [upper, lower] = [symbolOrId.toUpperCase(), symbolOrId.toLowerCase()];
  const found = catalog.findAsset(upper) ?? catalog.findAsset(lower);
  if (found !== undefined || !PAIR_WITHOUT_SLASH.test(upper)) return found;
  for (let cut = 1; cut < upper.length; cut += 1) {
    const pair = catalog.findAsset(`${upper.slice(0, cut)}/${upper.slice(cut)}`);
    if (pair !== undefined) return pair;
  }
  return undefined;
}
