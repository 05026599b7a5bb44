/** Transfers of cash: deposit, withdraw, list, and what they are to the account. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, type Api, type Desk, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const { get, remove, advance } = deskRequests(() => api);

const pathOf = ({ account }: Desk): string => `/v1/accounts/${account}/transfers`;
const transfer = (desk: Desk, body: object): Promise<Reply> =>
  api.send("POST", pathOf(desk), { session: desk.session, body: { transfer_type: "ach", ...body } });
const accountOf = async (desk: Desk): Promise<Reply["body"]> =>
  (await get(desk, `/v1/trading/accounts/${desk.account}/account`)).body;

describe("transfers", () => {
  it("bring cash in and take it out, complete at once", async () => {
    const desk = await openDesk(api);
    await advance(desk);
    const deposit = await transfer(desk, { direction: "INCOMING", amount: "2500.5", relationship_id: desk.account });
    expect(deposit).toMatchObject({
      status: 200,
      body: {
        account_id: desk.account,
        amount: "2500.5",
        requested_amount: "2500.5",
        fee: "0",
        direction: "INCOMING",
        status: "COMPLETE",
        type: "ach",
        reason: null,
        created_at: "2023-01-03T09:31:00Z",
      },
    });
    expect(await accountOf(desk)).toMatchObject({
      cash: "102500.5",
      equity: "102500.5",
      last_equity: "100000",
      intraday_adjustments: "2500.5",
    });
    expect((await transfer(desk, { direction: "OUTGOING", amount: 1000 })).body).toMatchObject({
      direction: "OUTGOING",
      amount: "1000",
    });
    expect(await accountOf(desk)).toMatchObject({ cash: "101500.5", intraday_adjustments: "1500.5" });
    await advance(desk, { targetTime: "2023-01-04T15:00:00Z" });
    expect(await accountOf(desk)).toMatchObject({ intraday_adjustments: "0", last_equity: "101500.5" });
  });

  it("are listed newest first, by direction, with limit and offset up to the empty page", async () => {
    const desk = await openDesk(api);
    for (const amount of ["1", "2", "3"]) await transfer(desk, { direction: "INCOMING", amount });
    await transfer(desk, { direction: "OUTGOING", amount: "4" });
    const amounts = async (query: string): Promise<readonly string[]> =>
      (await get(desk, pathOf(desk) + query)).body.map(({ amount }: { amount: string }) => amount);
    expect(await amounts("")).toEqual(["4", "3", "2", "1"]);
    expect(await amounts("?direction=INCOMING")).toEqual(["3", "2", "1"]);
    expect(await amounts("?direction=OUTGOING")).toEqual(["4"]);
    expect(await amounts("?limit=2&offset=1")).toEqual(["3", "2"]);
    expect(await amounts("?direction=INCOMING&offset=3")).toEqual([]);
    const { body } = await get(desk, pathOf(desk));
    expect(new Set(body.map(({ id }: { id: string }) => id)).size).toBe(4);
    expect((await get(desk, pathOf(desk))).body).toEqual(body);
  });

  it("are not canceled: complete is complete", async () => {
    const desk = await openDesk(api);
    const { body } = await transfer(desk, { direction: "INCOMING", amount: "1" });
    expect(await remove(desk, `${pathOf(desk)}/${body.id}`)).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: "transfer is complete and can no longer be canceled" },
    });
    expect(await remove(desk, `${pathOf(desk)}/${desk.account}`)).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: `transfer not found for ${desk.account}` },
    });
  });

  it.each([
    [{ direction: "SIDEWAYS", amount: 1 }, "direction must be one of INCOMING, OUTGOING"],
    [{ amount: 1 }, "direction is required"],
    [{ direction: "INCOMING" }, "amount is required"],
    [{ direction: "INCOMING", amount: 0 }, "amount must be > 0"],
    [{ direction: "OUTGOING", amount: "-5" }, "amount must be > 0"],
    [{ direction: "INCOMING", amount: "1000000000001" }, "amount must be > 0 and <= 1000000000000"],
    [{ direction: "INCOMING", amount: "much" }, "amount must be a plain decimal number"],
    [{ direction: "INCOMING", amount: 1, transfer_type: "pigeon" }, "transfer_type must be one of ach, wire"],
  ])("refuse %j", async (body, message) => {
    const desk = await openDesk(api);
    expect(await transfer(desk, body)).toMatchObject({
      status: 422,
      body: { code: 40_010_001, message: expect.stringContaining(message) },
    });
  });

  it("refuse to take out what is not there", async () => {
    const desk = await openDesk(api);
    const reply = await transfer(desk, { direction: "OUTGOING", amount: "100000.01" });
    expect([reply.status, (await accountOf(desk)).cash]).toEqual([403, "100000"]);
    expect((await transfer(desk, { direction: "OUTGOING", amount: "100000" })).status).toBe(200);
  });

  it.each(["limit=0", "limit=1001", "offset=-1", "direction=UP"])("refuse a list with %s", async (query) => {
    const desk = await openDesk(api);
    expect(await get(desk, `${pathOf(desk)}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 40_010_000, message: expect.stringContaining(query.split("=")[0] ?? "") },
    });
  });
});
