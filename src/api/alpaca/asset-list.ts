/** Lists of assets: what a query asks for. */
import type { Static } from "typebox";
import type { Asset } from "../../sessions/index.ts";
import type { Query } from "../wire/query.ts";
import { queryList, queryText } from "../wire/schemas.ts";
import { oneOf } from "../wire/values.ts";
import { presentAsset, type AssetView } from "./asset.ts";

export const ASSET_QUERY = {
  status: queryText("active, inactive or all; default all"),
  asset_class: queryText("us_equity (the default) or crypto"),
  exchange: queryText("as Alpaca spells it"),
  attributes: queryList("comma list; no asset has any, so that none is found"),
};

type AssetJson = Static<typeof AssetView>;

/** In Alpaca's order: by class, exchange and symbol. */
export function listAssets(assets: readonly Asset[], query: Query): readonly AssetJson[] {
  const status = oneOf("status", query.text("status"), ["active", "inactive", "all"] as const) ?? "all";
  const [asked, exchange] = [query.text("asset_class") ?? "", query.text("exchange") ?? ""];
  const assetClass = asked === "" ? "us_equity" : asked;
  if (query.list("attributes") !== undefined) return [];
  return assets
    .map(presentAsset)
    .filter((asset) => status === "all" || asset.status === status)
    .filter((asset) => asset.class === assetClass)
    .filter((asset) => exchange === "" || asset.exchange === exchange)
    .toSorted(byPlace);
}

/** Of one class; symbols come sorted, and sorting keeps the order of what is equal. */
function byPlace(a: AssetJson, b: AssetJson): number {
  if (a.exchange === b.exchange) return 0;
  return a.exchange < b.exchange ? -1 : 1;
}
