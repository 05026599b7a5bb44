/** Alpaca's Market Data API, as of the session's clock. */
import type { FastifyInstance } from "fastify";
import type { AssetCatalog } from "../../sessions/index.ts";
import { documentAsOf } from "../wire/as-of.ts";
import type { Bind } from "../wire/binding.ts";
import { registerUnsupported, type UnsupportedRoute } from "../wire/unsupported.ts";
import { registerAuctions } from "./auctions.ts";
import { registerBars } from "./bars.ts";
import { registerCorporateActions } from "./corporate-actions.ts";
import { registerLatest } from "./latest.ts";
import { registerMadeUp } from "./made-up.ts";
import { CRYPTO, STOCKS } from "./market.ts";
import { registerMeta } from "./meta.ts";
import { registerNews } from "./news.ts";
import { registerSnapshots } from "./snapshots.ts";

const OPTIONS = "options are not simulated";
const BOOKS = "order books are not simulated";
const SCREENER = "the screener is not simulated";

const UNSUPPORTED: readonly UnsupportedRoute[] = [
  ["GET", "/v1beta3/crypto/:loc/latest/orderbooks", BOOKS],
  ["GET", "/v1beta1/screener/stocks/most-actives", SCREENER],
  ["GET", "/v1beta1/screener/:market/movers", SCREENER],
  ...["bars", "trades", "quotes/latest", "trades/latest", "snapshots", "snapshots/:underlying", "meta/exchanges"].map(
    (path) => ["GET", `/v1beta1/options/${path}`, OPTIONS] as const,
  ),
  ["GET", "/v1beta1/options/meta/conditions/:tickType", OPTIONS],
  ["GET", "/v1beta1/logos/:symbol", "logos are not served"],
  ["GET", "/v1beta1/forex/latest/rates", "foreign exchange is not simulated"],
  ["GET", "/v1beta1/forex/rates", "foreign exchange is not simulated"],
  ["GET", "/v1beta1/fixed_income/latest/prices", "fixed income is not simulated"],
];

export function registerMarketData(app: FastifyInstance, catalog: AssetCatalog, bind: Bind): void {
  documentAsOf(app);
  for (const market of [STOCKS, CRYPTO]) {
    registerBars(app, market, bind);
    registerMadeUp(app, market, bind);
    registerLatest(app, market, bind);
    registerSnapshots(app, market, bind);
  }
  registerAuctions(app, bind);
  registerMeta(app);
  registerCorporateActions(app, catalog, bind);
  registerNews(app, bind);
  registerUnsupported(app, UNSUPPORTED);
}
