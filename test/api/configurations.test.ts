/** Account configurations: what holds at the beginning, what changes, what is refused, and what orders make of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, SPAN, type Api, type Desk, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const { place, get } = deskRequests(() => api);

const pathOf = ({ account }: Desk): string => `/v1/trading/accounts/${account}/account/configurations`;
const patch = (desk: Desk, body: unknown): Promise<Reply> =>
  api.send("PATCH", pathOf(desk), { session: desk.session, body });

const AT_FIRST = {
  dtbp_check: "entry",
  pdt_check: "both",
  trade_confirm_email: "all",
  suspend_trade: false,
  no_shorting: false,
  fractional_trading: true,
  max_margin_multiplier: "4",
  max_options_trading_level: 0,
  ptp_no_exception_entry: false,
  disable_overnight_trading: false,
};

describe("account configurations", () => {
  it("are Alpaca's at the beginning, and change one by one", async () => {
    const desk = await openDesk(api);
    expect((await get(desk, pathOf(desk))).body).toEqual(AT_FIRST);
    const changed = { ...AT_FIRST, no_shorting: true, max_margin_multiplier: "2" };
    expect(await patch(desk, { no_shorting: true, max_margin_multiplier: "2" })).toMatchObject({
      status: 200,
      body: changed,
    });
    expect((await patch(desk, {})).body).toEqual(changed);
    expect((await get(desk, pathOf(desk))).body).toEqual(changed);
    const other = await api.send("POST", "/v1/accounts", { session: desk.session, body: {} });
    const path = pathOf({ ...desk, account: other.body.id });
    expect((await get(desk, path)).body).toEqual(AT_FIRST);
  });

  it("take whole objects padded with null, numbers for the multiplier, and either spelling", async () => {
    const desk = await openDesk(api);
    const padded = Object.fromEntries(Object.keys(AT_FIRST).map((field) => [field, null]));
    expect((await patch(desk, { ...padded, trade_confirm_email: "none" })).body).toEqual({
      ...AT_FIRST,
      trade_confirm_email: "none",
    });
    expect((await patch(desk, { max_margin_multiplier: 1, suspendTrade: true, unknown: 5 })).body).toMatchObject({
      max_margin_multiplier: "1",
      suspend_trade: true,
    });
    expect((await patch(desk, AT_FIRST)).body).toEqual(AT_FIRST);
  });

  it.each([
    [{ no_shorting: "yes" }, 'no_shorting must be true or false, got "yes"'],
    [{ max_margin_multiplier: "3" }, 'max_margin_multiplier must be "1", "2" or "4", got "3"'],
    [{ pdt_check: "never" }, 'pdt_check must be one of both, entry, exit, got "never"'],
    [{ trade_confirm_email: "some" }, 'trade_confirm_email must be one of all, none, got "some"'],
    [{ max_options_trading_level: 2 }, "max_options_trading_level must be 0: options are not traded here, got 2"],
    [[], "the body must be object, got []"],
  ])("refuse %j and change nothing", async (body, message) => {
    const desk = await openDesk(api);
    const reply = await patch(desk, body);
    expect([reply.status, reply.body]).toEqual([422, { code: 40_010_001, message }]);
    expect((await get(desk, pathOf(desk))).body).toEqual(AT_FIRST);
  });

  it("show in the account, and suspend trading", async () => {
    const desk = await openDesk(api);
    const account = async (): Promise<Reply["body"]> =>
      (await get(desk, `/v1/trading/accounts/${desk.account}/account`)).body;
    expect(await account()).toMatchObject({ trade_suspended_by_user: false, shorting_enabled: true });
    await patch(desk, { suspend_trade: true, no_shorting: true, max_margin_multiplier: "1" });
    expect(await account()).toMatchObject({
      trade_suspended_by_user: true,
      shorting_enabled: false,
      multiplier: "1",
      buying_power: "100000",
    });
    expect(await place(desk, {})).toMatchObject({ status: 403, body: { code: 40_310_000 } });
    await patch(desk, { suspend_trade: false });
    expect((await place(desk, {})).status).toBe(201);
    expect(await place(desk, { symbol: "MSFT", side: "sell" })).toMatchObject({ status: 403 });
  });

  it("outlive the memory: they are in the journal", async () => {
    const desk = await openDesk(api, SPAN);
    await patch(desk, { fractional_trading: false });
    expect(await place(desk, { qty: "1.5" })).toMatchObject({ status: expect.any(Number) });
    expect((await place(desk, { qty: "1.5" })).status).toBeGreaterThanOrEqual(400);
  });
});
