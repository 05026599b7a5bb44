/** A session in a glance, as lists of sessions show it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openApi, type Api } from "../support/api.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const create = async (body: object): Promise<string> => {
  const times = { startTime: "2023-01-03T09:30:00-05:00", endTime: "2023-12-29T16:00:00-05:00" };
  return (await api.send("POST", "/v1/sessions", { body: { ...times, ...body } })).body.id;
};
const openAccount = async (session: string, body: object = {}): Promise<string> =>
  (await api.send("POST", "/v1/accounts", { session, body })).body.id;
const advance = (session: string, body: object): Promise<unknown> =>
  api.send("POST", `/v1/sessions/${session}/time/advance`, { body });
const performance = async (session: string): Promise<Awaited<ReturnType<Api["send"]>>["body"]> =>
  (await api.send("GET", `/v1/sessions/${session}/performance`)).body;

it("a session without accounts has no figures", async () => {
  const session = await create({});
  expect(await performance(session)).toEqual({
    accounts: 0,
    orders: 0,
    fills: 0,
    equity: null,
    paid_in: null,
    return: null,
    curve: [],
  });
});

it("it is the sum of all accounts, and transfers are no gain", async () => {
  const session = await create({});
  const [first] = [await openAccount(session), await openAccount(session, { initialCash: 50_000 })];
  const order = { symbol: "AAPL", qty: 10, side: "buy", type: "market", time_in_force: "day" };
  await api.send("POST", `/v1/trading/accounts/${first}/orders`, { session, body: order });
  await advance(session, { targetTime: "2023-01-05T12:00:00-05:00" });
  await api.send("POST", `/v1/accounts/${first}/transfers`, {
    session,
    body: { transfer_type: "ach", amount: "1000", direction: "INCOMING" },
  });
  const account = await api.send("GET", `/v1/trading/accounts/${first}/account`, { session });
  const found = await performance(session);
  expect(found).toMatchObject({ accounts: 2, orders: 1, fills: 1, paid_in: 151_000 });
  expect(found.equity).toBeCloseTo(Number(account.body.equity) + 50_000, 6);
  expect(found.return).toBeCloseTo(found.equity / 151_000 - 1, 9);
});

it("positions that an account began with count at what they cost", async () => {
  const initialPositions = [{ symbol: "AAPL", qty: "10", avgEntryPrice: "100" }];
  const session = await create({ config: { initialPositions } });
  await openAccount(session);
  expect(await performance(session)).toMatchObject({ paid_in: 101_000 });
});

it("the curve has at most sixty points, and ends no later than the clock", async () => {
  const session = await create({});
  await openAccount(session);
  expect((await performance(session)).curve.length).toBeLessThanOrEqual(1);
  await advance(session, { targetTime: "2023-01-04T12:00:00-05:00" });
  const short = (await performance(session)).curve;
  expect(short.length).toBeGreaterThan(20);
  expect(short.at(-1).t).toBeLessThanOrEqual(Date.parse("2023-01-04T12:00:00-05:00") / 1000);
  await advance(session, { targetTime: "2023-11-30T16:00:00-05:00" });
  const long = (await performance(session)).curve;
  expect(long).toHaveLength(60);
  expect(long.at(-1).t).toBeLessThanOrEqual(Date.parse("2023-11-30T16:00:00-05:00") / 1000);
});

it("another's session is not found", async () => {
  expect((await api.send("GET", "/v1/sessions/nothing/performance")).status).toBe(404);
});
