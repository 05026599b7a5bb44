/** The types of the dashboard are those of the OpenAPI document; a run of this file with --update writes them anew. */
import { expect, it } from "vitest";
import { openApi } from "../support/api.ts";
import { typesOf, type OpenApi, type TypeSource } from "../support/openapi-types.ts";

const SOURCES: readonly TypeSource[] = [
  { name: "ServerInfo", operation: "get /v1/server", of: 200 },
  { name: "Session", operation: "get /v1/sessions/{sessionId}", of: 200 },
  { name: "Performance", operation: "get /v1/sessions/{sessionId}/performance", of: 200 },
  { name: "NewSession", operation: "post /v1/sessions", of: "body" },
  { name: "AdvanceBody", operation: "post /v1/sessions/{sessionId}/time/advance", of: "body" },
  { name: "AdvanceReply", operation: "post /v1/sessions/{sessionId}/time/advance", of: 200 },
  { name: "Coverage", operation: "get /v1/coverage", of: 200, isElement: true },
  { name: "CalendarDay", operation: "get /v1/calendar", of: 200, isElement: true },
  { name: "Account", operation: "get /v1/accounts", of: 200, isElement: true },
  { name: "TradeAccount", operation: "get /v1/trading/accounts/{accountId}/account", of: 200 },
  { name: "Order", operation: "get /v1/trading/accounts/{accountId}/orders", of: 200, isElement: true },
  { name: "Position", operation: "get /v1/trading/accounts/{accountId}/positions", of: 200, isElement: true },
  { name: "BarsPage", operation: "get /v1/assets/{symbol}/bars", of: 200 },
];

/** Of the Connect and the Data screen, which are loaded by themselves. */
const CONNECT_SOURCES: readonly TypeSource[] = [
  { name: "Key", operation: "get /v1/keys", of: 200, isElement: true },
  { name: "NewKey", operation: "post /v1/accounts/{accountId}/keys", of: 201 },
  { name: "LoggedRequest", operation: "get /v1/requests", of: 200, isElement: true },
  { name: "SymbolData", operation: "get /v1/data/symbols/{symbol}", of: 200 },
  { name: "DataImport", operation: "get /v1/data/imports/{importId}", of: 200 },
  { name: "ImportOptions", operation: "post /v1/data/imports/{importId}/start", of: "body" },
  { name: "ImportPreview", operation: "post /v1/data/imports/{importId}/preview", of: 200 },
];

/** Of the order ticket, the order drawer and what is done to whole sessions. */
const ORDER_SOURCES: readonly TypeSource[] = [
  { name: "NewOrder", operation: "post /v1/trading/accounts/{accountId}/orders", of: "body" },
  { name: "OrderPreview", operation: "post /v1/trading/accounts/{accountId}/orders/preview", of: 200 },
  { name: "Explanation", operation: "get /v1/trading/accounts/{accountId}/orders/{orderId}/explain", of: 200 },
  { name: "Rewound", operation: "post /v1/sessions/{sessionId}/time/rewind", of: 200 },
];

it.each([
  ["types.ts", SOURCES],
  ["order-types.ts", ORDER_SOURCES],
  ["connect-types.ts", CONNECT_SOURCES],
] as const)("the dashboard's %s say what the document says", async (file, sources) => {
  const api = await openApi();
  try {
    const answer = await api.app.inject({ url: "/openapi.json", headers: { host: "localhost" } });
    const document = answer.json<OpenApi>();
    const opening =
      "/** The API's objects as its OpenAPI document has them; written by test/api/dashboard-types.test.ts. */\n\n";
    await expect(opening + typesOf(document, sources)).toMatchFileSnapshot(`../../dashboard/api/${file}`);
  } finally {
    await api.close();
  }
});
