/** The document at /openapi.json says what there is: every route, every status, and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type Api } from "../support/api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe("the document of the API", () => {
  it("lists every route of the two specifications", async () => {
    const { paths } = (await api.app.inject({ url: "/openapi.json", headers: { host: "localhost" } })).json();
    const routes = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toMatchInlineSnapshot(`
      [
        "DELETE /v1/accounts/{accountId}",
        "DELETE /v1/accounts/{accountId}/keys/{keyId}",
        "DELETE /v1/accounts/{accountId}/transfers/{transferId}",
        "DELETE /v1/data/imports/{importId}",
        "DELETE /v1/data/symbols/{symbol}",
        "DELETE /v1/sessions/{sessionId}",
        "DELETE /v1/trading/accounts/{accountId}/orders",
        "DELETE /v1/trading/accounts/{accountId}/orders/{orderId}",
        "DELETE /v1/trading/accounts/{accountId}/positions",
        "DELETE /v1/trading/accounts/{accountId}/positions/{symbol}",
        "DELETE /v2/orders",
        "DELETE /v2/orders/{orderId}",
        "DELETE /v2/positions",
        "DELETE /v2/positions/{symbol}",
        "DELETE /v2/watchlists/{watchlistId}",
        "DELETE /v2/watchlists/{watchlistId}/{symbol}",
        "DELETE /v2/watchlists:by_name",
        "GET /health",
        "GET /v1/accounts",
        "GET /v1/accounts/activities",
        "GET /v1/accounts/activities/{activityType}",
        "GET /v1/accounts/{accountId}",
        "GET /v1/accounts/{accountId}/keys",
        "GET /v1/accounts/{accountId}/report",
        "GET /v1/accounts/{accountId}/transfers",
        "GET /v1/assets",
        "GET /v1/assets/{symbol}",
        "GET /v1/assets/{symbol}/bars",
        "GET /v1/assets/{symbol}/quotes/latest",
        "GET /v1/calendar",
        "GET /v1/clock",
        "GET /v1/corporate-actions",
        "GET /v1/coverage",
        "GET /v1/data/imports",
        "GET /v1/data/imports/{importId}",
        "GET /v1/data/symbols/{symbol}",
        "GET /v1/events/trades",
        "GET /v1/keys",
        "GET /v1/requests",
        "GET /v1/server",
        "GET /v1/sessions",
        "GET /v1/sessions/{sessionId}",
        "GET /v1/sessions/{sessionId}/diff/{otherId}",
        "GET /v1/sessions/{sessionId}/events",
        "GET /v1/sessions/{sessionId}/export",
        "GET /v1/sessions/{sessionId}/performance",
        "GET /v1/sessions/{sessionId}/tree",
        "GET /v1/trading/accounts/{accountId}/account",
        "GET /v1/trading/accounts/{accountId}/account/activities",
        "GET /v1/trading/accounts/{accountId}/account/activities/{activityType}",
        "GET /v1/trading/accounts/{accountId}/account/configurations",
        "GET /v1/trading/accounts/{accountId}/account/portfolio/history",
        "GET /v1/trading/accounts/{accountId}/orders",
        "GET /v1/trading/accounts/{accountId}/orders/{orderId}",
        "GET /v1/trading/accounts/{accountId}/orders/{orderId}/explain",
        "GET /v1/trading/accounts/{accountId}/orders:by_client_order_id",
        "GET /v1/trading/accounts/{accountId}/positions",
        "GET /v1/trading/accounts/{accountId}/positions/{symbol}",
        "GET /v1beta1/corporate-actions",
        "GET /v1beta1/fixed_income/latest/prices",
        "GET /v1beta1/forex/latest/rates",
        "GET /v1beta1/forex/rates",
        "GET /v1beta1/logos/{symbol}",
        "GET /v1beta1/news",
        "GET /v1beta1/options/bars",
        "GET /v1beta1/options/meta/conditions/{tickType}",
        "GET /v1beta1/options/meta/exchanges",
        "GET /v1beta1/options/quotes/latest",
        "GET /v1beta1/options/snapshots",
        "GET /v1beta1/options/snapshots/{underlying}",
        "GET /v1beta1/options/trades",
        "GET /v1beta1/options/trades/latest",
        "GET /v1beta1/screener/stocks/most-actives",
        "GET /v1beta1/screener/{market}/movers",
        "GET /v1beta3/crypto/{loc}/bars",
        "GET /v1beta3/crypto/{loc}/latest/bars",
        "GET /v1beta3/crypto/{loc}/latest/orderbooks",
        "GET /v1beta3/crypto/{loc}/latest/quotes",
        "GET /v1beta3/crypto/{loc}/latest/trades",
        "GET /v1beta3/crypto/{loc}/quotes",
        "GET /v1beta3/crypto/{loc}/snapshots",
        "GET /v1beta3/crypto/{loc}/trades",
        "GET /v2/account",
        "GET /v2/account/activities",
        "GET /v2/account/activities/{activityType}",
        "GET /v2/account/configurations",
        "GET /v2/account/portfolio/history",
        "GET /v2/assets",
        "GET /v2/assets/{symbol}",
        "GET /v2/calendar",
        "GET /v2/clock",
        "GET /v2/corporate_actions/announcements",
        "GET /v2/corporate_actions/announcements/{announcementId}",
        "GET /v2/events/trades",
        "GET /v2/options/contracts",
        "GET /v2/options/contracts/{symbol}",
        "GET /v2/orders",
        "GET /v2/orders/{orderId}",
        "GET /v2/orders/{orderId}/explain",
        "GET /v2/orders:by_client_order_id",
        "GET /v2/positions",
        "GET /v2/positions/{symbol}",
        "GET /v2/stocks/auctions",
        "GET /v2/stocks/bars",
        "GET /v2/stocks/bars/latest",
        "GET /v2/stocks/meta/conditions/{tickType}",
        "GET /v2/stocks/meta/exchanges",
        "GET /v2/stocks/quotes",
        "GET /v2/stocks/quotes/latest",
        "GET /v2/stocks/snapshots",
        "GET /v2/stocks/trades",
        "GET /v2/stocks/trades/latest",
        "GET /v2/stocks/{symbol}/auctions",
        "GET /v2/stocks/{symbol}/bars",
        "GET /v2/stocks/{symbol}/bars/latest",
        "GET /v2/stocks/{symbol}/quotes",
        "GET /v2/stocks/{symbol}/quotes/latest",
        "GET /v2/stocks/{symbol}/snapshot",
        "GET /v2/stocks/{symbol}/trades",
        "GET /v2/stocks/{symbol}/trades/latest",
        "GET /v2/wallets",
        "GET /v2/wallets/transfers",
        "GET /v2/watchlists",
        "GET /v2/watchlists/{watchlistId}",
        "GET /v2/watchlists:by_name",
        "GET /v2beta1/events/trades",
        "GET /v3/calendar/{market}",
        "GET /v3/clock",
        "PATCH /v1/accounts/{accountId}",
        "PATCH /v1/sessions/{sessionId}",
        "PATCH /v1/trading/accounts/{accountId}/account/configurations",
        "PATCH /v1/trading/accounts/{accountId}/orders/{orderId}",
        "PATCH /v2/account/configurations",
        "PATCH /v2/orders/{orderId}",
        "POST /v1/accounts",
        "POST /v1/accounts/{accountId}/keys",
        "POST /v1/accounts/{accountId}/transfers",
        "POST /v1/data/imports",
        "POST /v1/data/imports/{importId}/preview",
        "POST /v1/data/imports/{importId}/start",
        "POST /v1/sessions",
        "POST /v1/sessions/import",
        "POST /v1/sessions/{sessionId}/accept-data",
        "POST /v1/sessions/{sessionId}/fork",
        "POST /v1/sessions/{sessionId}/replay",
        "POST /v1/sessions/{sessionId}/time/advance",
        "POST /v1/sessions/{sessionId}/time/pause",
        "POST /v1/sessions/{sessionId}/time/play",
        "POST /v1/sessions/{sessionId}/time/rewind",
        "POST /v1/sessions/{sessionId}/verify",
        "POST /v1/trading/accounts/{accountId}/orders",
        "POST /v1/trading/accounts/{accountId}/orders/preview",
        "POST /v2/orders",
        "POST /v2/orders/preview",
        "POST /v2/positions/{symbol}/do-not-exercise",
        "POST /v2/positions/{symbol}/exercise",
        "POST /v2/wallets/transfers",
        "POST /v2/watchlists",
        "POST /v2/watchlists/{watchlistId}",
        "POST /v2/watchlists:by_name",
        "PUT /v1/sessions/{sessionId}/time/speed",
        "PUT /v2/watchlists/{watchlistId}",
        "PUT /v2/watchlists:by_name",
      ]
    `);
  });

  it("describes security, a summary and the refusals of every route with credentials", async () => {
    const { paths, components } = (
      await api.app.inject({ url: "/openapi.json", headers: { host: "localhost" } })
    ).json();
    expect(Object.keys(components.securitySchemes)).toEqual(["basic", "keyId", "secretKey"]);
    for (const [path, methods] of Object.entries(
      paths as Record<string, Record<string, { summary: string; responses: object }>>,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        if (path !== "/health" && path !== "/v1/server")
          expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(expect.arrayContaining(["401", "403"]));
      }
    }
  });

  it("is shown as a page that loads nothing from elsewhere", async () => {
    const page = await api.app.inject({ url: "/docs/", headers: { host: "localhost" } });
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="https?:/);
  });
});
