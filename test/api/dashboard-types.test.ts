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

it("the dashboard's types say what the document says", async () => {
  const api = await openApi();
  try {
    const answer = await api.app.inject({ url: "/openapi.json", headers: { host: "localhost" } });
    const document = answer.json<OpenApi>();
    const opening =
      "/** The API's objects as its OpenAPI document has them; written by test/api/dashboard-types.test.ts. */\n\n";
    await expect(opening + typesOf(document, SOURCES)).toMatchFileSnapshot("../../dashboard/api/types.ts");
  } finally {
    await api.close();
  }
});
