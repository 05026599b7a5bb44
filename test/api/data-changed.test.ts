/** Bars that change under a session: the object and a header say so, commands are refused, and accepting goes on. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { importFile, type Market } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Desk } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;
let desk: Desk;

const { place, get, advance } = deskRequests(() => api);

const rows = (price: number): readonly string[] =>
  ["04", "05", "06"].map((day) => `2024-03-${day},${price},${price},${price},${price},1000000`);

async function take(market: Market, price: number): Promise<void> {
  const path = join(api.dataDir, "AAA.csv");
  writeFileSync(path, ["timestamp,open,high,low,close,volume", ...rows(price), ""].join("\n"));
  await importFile({ market, path, timeframe: "1Day", onConflict: "replace" });
  rmSync(path);
}

beforeEach(async () => {
  api = await openApi({ sample: false });
  await take(api.market, 80);
  desk = await openDesk(api, {
    startTime: "2024-03-04T21:30:00Z",
    endTime: "2024-03-08T21:00:00Z",
    config: { profile: "ideal" },
  });
  await place(desk, { symbol: "AAA", qty: 10, time_in_force: "gtc" });
  await advance(desk, { targetTime: "2024-03-05T22:00:00Z" });
});
afterEach(() => api.close());

it("A session whose bars have changed says so with every answer, and refuses to go on", async () => {
  const before = await get(desk, desk.positions);
  expect(before.headers["x-tapedeck-data-changed"]).toBeUndefined();
  await take(api.market, 90);
  const refused = await advance(desk);
  expect(refused).toMatchObject({ status: 409, body: { code: 40910001 } });
  expect(refused.body.message).toMatch(/have changed: AAA 2024-03-04, AAA 2024-03-05; import the former bars again/);
  expect(await place(desk, { symbol: "AAA" })).toMatchObject({ status: 409, body: { code: 40910001 } });
  const read = await get(desk, desk.positions);
  expect(read).toMatchObject({ status: 200, headers: { "x-tapedeck-data-changed": "AAA 2024-03-04, AAA 2024-03-05" } });
  expect((await get(desk, `/v1/sessions/${desk.session}`)).body).toMatchObject({
    data_changed: {
      total: 2,
      days: [
        { symbol: "AAA", date: "2024-03-04" },
        { symbol: "AAA", date: "2024-03-05" },
      ],
    },
    notices: [expect.stringContaining("AAA 2024-03-04")],
  });
});

it("Accepting the bars lets it go on", async () => {
  await take(api.market, 90);
  const accepted = await api.send("POST", `/v1/sessions/${desk.session}/accept-data`);
  expect(accepted.status).toBe(200);
  expect(accepted.body.data_changed).toBeUndefined();
  expect(await advance(desk)).toMatchObject({ status: 200 });
  expect((await get(desk, desk.positions)).headers["x-tapedeck-data-changed"]).toBeUndefined();
});

it("A session that has accepted bars, gone back over that and forked is proven as far as its bars are the same", async () => {
  const verified = async (id: string): Promise<unknown> => {
    const { body } = await api.send("POST", `/v1/sessions/${id}/verify`);
    return [body.verified, body.chain_problem, body.first_difference];
  };
  await take(api.market, 90);
  await api.send("POST", `/v1/sessions/${desk.session}/accept-data`);
  await advance(desk, { targetTime: "2024-03-06T22:00:00Z" });
  const report = (await api.send("POST", `/v1/sessions/${desk.session}/verify`)).body;
  // What was bought at the former bars costs something else at those that were accepted since.
  expect(report).toMatchObject({ verified: false, chain_problem: null });
  expect(report.first_difference).toMatchObject({ was: { reserved: "800" }, now: { reserved: "900" } });
  await take(api.market, 80);
  await api.send("POST", `/v1/sessions/${desk.session}/accept-data`);
  expect(await verified(desk.session)).toEqual([true, null, null]);
  const fork = await api.send("POST", `/v1/sessions/${desk.session}/fork`, { body: {} });
  const to = { to: "2024-03-05T22:00:00Z" };
  const back = await api.send("POST", `/v1/sessions/${desk.session}/time/rewind`, { body: to });
  expect([fork.status, back.status]).toEqual([201, 200]);
  await place(desk, { symbol: "AAA", qty: 3, time_in_force: "gtc" });
  await advance(desk, { targetTime: "2024-03-06T22:00:00Z" });
  for (const id of [desk.session, fork.body.id]) expect([id, await verified(id)]).toEqual([id, [true, null, null]]);
});

it("Accepting where nothing has changed changes nothing", async () => {
  expect((await api.send("POST", `/v1/sessions/${desk.session}/accept-data`)).status).toBe(200);
  expect((await api.send("POST", `/v1/sessions/${crypto.randomUUID()}/accept-data`)).status).toBe(404);
});
