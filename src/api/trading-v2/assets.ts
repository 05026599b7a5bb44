/** Assets as Trading lists them. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { refuse } from "../../kernel/index.ts";
import type { AssetCatalog } from "../../sessions/index.ts";
import { ASSET_QUERY, listAssets } from "../alpaca/asset-list.ts";
import { AssetView, presentAsset } from "../alpaca/asset.ts";
import type { Desk } from "../alpaca/desk/desk.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { refusals } from "../wire/schemas.ts";
import { shownBare } from "../wire/validation.ts";

const TAGS = ["assets"];

/** What the catalog holds is the same for every account; who asks must be bound to one all the same. */
export function registerAssets(app: FastifyInstance, desk: Desk, catalog: AssetCatalog): void {
  app.get(
    "/v2/assets",
    {
      schema: {
        tags: TAGS,
        summary: "What the catalog holds",
        querystring: Type.Object(ASSET_QUERY),
        response: { 200: Type.Array(AssetView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      await desk.sessionOf(request);
      return listAssets(catalog.assets(), queryOf(request));
    },
  );
  app.get(
    "/v2/assets/:symbol",
    {
      schema: {
        tags: TAGS,
        summary: "Get an asset",
        params: Type.Object({ symbol: Type.String({ description: "A symbol or an asset id." }) }),
        response: { 200: AssetView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      await desk.sessionOf(request);
      const { symbol } = request.params as { readonly symbol: string };
      const asset = desk.assetOf(symbol);
      if (asset !== undefined) return presentAsset(asset);
      throw new RefusedRequest(refuse("not_found", `asset not found for ${shownBare(symbol)}`));
    },
  );
}
