/** What there are bars of, and from when to when. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openApi, type Api } from "../support/api.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

it("each series is told with its span, its rows and its days", async () => {
  const { body } = await api.send("GET", "/v1/coverage");
  expect(body).toHaveLength(9);
  expect(body[0]).toMatchObject({
    symbol: "AAPL",
    timeframe: "1Min",
    synthetic: true,
    adjusted: false,
    rows: expect.any(Number),
    days: { missing: 0 },
    source: "built-in sample",
    hash: expect.stringMatching(/^[0-9a-f]+$/),
  });
});

it("under a session it ends at the clock, and does not tell how much more there is", async () => {
  const times = { startTime: "2023-01-03T09:30:00-05:00", endTime: "2023-01-04T16:00:00-05:00" };
  const session = (await api.send("POST", "/v1/sessions", { body: times })).body.id;
  const { body } = await api.send("GET", "/v1/coverage", { session });
  expect(body[0]).toMatchObject({
    symbol: "AAPL",
    to: "2023-01-03T14:30:00Z",
    rows: null,
    days: null,
    source: null,
    hash: null,
  });
});

it("the server says whether its development key is good, to anybody", async () => {
  const { body } = await api.send("GET", "/v1/server", { authorization: null });
  expect(body).toEqual({ version: "0.0.0", development_key: { id: "test-api-key", secret: "test-api-secret" } });
});
