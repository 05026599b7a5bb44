/** Lists of assets: what a query asks for. */
import type { Static } from "typebox";
import type { Asset } from "../../sessions/index.ts";
import type { Query } from "../wire/query.ts";
import { queryText } from "../wire/schemas.ts";
import { oneOf } from "../wire/values.ts";
import { presentAsset, type AssetView } from "./asset.ts";

export const ASSET_QUERY = {
  status: queryText("active, inactive or all; default all"),
  asset_class: queryText("us_equity or crypto; default both"),
  exchange: queryText("as Alpaca spells it"),
  attributes: queryText("accepted; no asset has any"),
};

type AssetJson = Static<typeof AssetView>;

export function listAssets(assets: readonly Asset[], query: Query): readonly AssetJson[] {
  const status = oneOf("status", query.text("status"), ["active", "inactive", "all"] as const) ?? "all";
  const [assetClass, exchange] = [query.text("asset_class") ?? "", query.text("exchange") ?? ""];
  return assets
    .map(presentAsset)
    .filter((asset) => status === "all" || asset.status === status)
    .filter((asset) => assetClass === "" || asset.class === assetClass)
    .filter((asset) => exchange === "" || asset.exchange === exchange);
}
