/** What a pattern day trader is told, before the rule was replaced and where it does not apply. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openApi, openDesk, type Api, type Desk } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;

const { place, get, advance } = deskRequests(() => api);

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** Four day trades in AAPL, a minute each. */
async function trader(config: object = {}): Promise<Desk> {
  const desk = await openDesk(api, { startTime: "2023-01-04T14:35:00Z", endTime: "2023-01-31T21:00:00Z", config });
  for (let trade = 0; trade < 8; trade += 1) {
    await place(desk, { qty: 10, side: trade % 2 === 0 ? "buy" : "sell" });
    await advance(desk, { targetTime: new Date(Date.UTC(2023, 0, 4, 14, 36 + trade)).toISOString() });
  }
  return desk;
}

const account = async (desk: Desk) => (await get(desk, `/v1/trading/accounts/${desk.account}/account`)).body;

it("has four times the excess of the last close, at the beginning of the day and less what was opened since", async () => {
  const desk = await trader();
  await place(desk, { qty: 100 });
  await advance(desk, { targetTime: "2023-01-05T15:00:00Z" });
  const body = await account(desk);
  expect(body).toMatchObject({ pattern_day_trader: true, daytrade_count: 4, multiplier: "4" });
  const power = 4 * (Number(body.last_equity) - Number(body.last_maintenance_margin));
  expect(body.bod_dtbp).toBeCloseTo(power, 6);
  expect(Number(body.daytrading_buying_power)).toBeCloseTo(power, 6);
});

it("is nobody where the session has no such rule", async () => {
  expect(await account(await trader({ pdt: "none" }))).toMatchObject({
    pattern_day_trader: false,
    daytrade_count: 0,
    multiplier: "2",
    bod_dtbp: 0,
    daytrading_buying_power: "0",
  });
});
