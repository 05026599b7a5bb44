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

it("gets the power of a purchase back as it sells, whatever the sale brings", async () => {
  const desk = await trader();
  await advance(desk, { targetTime: "2023-01-05T15:00:00Z" });
  const { bod_dtbp: power } = await account(desk);
  await place(desk, { qty: 100 });
  await advance(desk, { targetTime: "2023-01-05T15:01:00Z" });
  const [{ cost_basis: cost }] = (await get(desk, `/v1/trading/accounts/${desk.account}/positions`)).body;
  expect(Number((await account(desk)).daytrading_buying_power)).toBeCloseTo(power - Number(cost), 6);
  await place(desk, { qty: 40, side: "sell" });
  await advance(desk, { targetTime: "2023-01-05T18:01:00Z" });
  expect(Number((await account(desk)).daytrading_buying_power)).toBeCloseTo(power - 0.6 * Number(cost), 5);
  await place(desk, { qty: 60, side: "sell" });
  await advance(desk, { targetTime: "2023-01-05T19:01:00Z" });
  expect(Number((await account(desk)).daytrading_buying_power)).toBeCloseTo(power, 6);
});

const configure = (desk: Desk, body: object) =>
  api.send("PATCH", `/v1/trading/accounts/${desk.account}/account/configurations`, { session: desk.session, body });

const deposit = (desk: Desk, amount: string) =>
  api.send("POST", `/v1/accounts/${desk.account}/transfers`, {
    session: desk.session,
    body: { transfer_type: "ach", direction: "INCOMING", amount },
  });

/** A trader whom a deposit has given more than day trades may use: 400,000 dollars are the power of the day. */
async function rich(check: "entry" | "exit" | "both"): Promise<Desk> {
  const desk = await trader({ participation: null });
  await advance(desk, { targetTime: "2023-01-05T15:00:00Z" });
  expect((await configure(desk, { dtbp_check: check })).status).toBe(200);
  expect((await deposit(desk, "1000000")).status).toBe(200);
  return desk;
}

it.each(["entry", "both"] as const)(
  "is refused an entry beyond the power of the day with dtbp_check %s",
  async (check) => {
    const desk = await rich(check);
    const refused = await place(desk, { qty: 3600 });
    expect([refused.status, refused.body]).toEqual([
      403,
      {
        code: 40310000,
        message: "insufficient day-trading buying power",
        daytrading_buying_power: expect.stringMatching(/^3\d{5}\./),
        cost_basis: expect.stringMatching(/^4\d{5}/),
      },
    ]);
    expect((await place(desk, { qty: 2000 })).status).toBe(201);
  },
);

it.each(["exit", "both"] as const)("may not day-trade what goes beyond it with dtbp_check %s", async (check) => {
  const desk = await rich("exit");
  expect((await place(desk, { qty: 3600 })).status).toBe(201);
  await advance(desk, { targetTime: "2023-01-05T15:01:00Z" });
  expect((await configure(desk, { dtbp_check: check })).status).toBe(200);
  const refused = await place(desk, { qty: 100, side: "sell" });
  expect([refused.status, refused.body]).toMatchObject([
    403,
    { code: 40310000, message: "insufficient day-trading buying power" },
  ]);
  await advance(desk, { targetTime: "2023-01-06T15:00:00Z" });
  expect((await place(desk, { qty: 100, side: "sell" })).status).toBe(201);
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
