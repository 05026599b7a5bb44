/** The options of a session: every one is read, echoed as it is in effect, and refused with what it takes. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultConfig, type EngineConfig, type Profile } from "../../src/engine/index.ts";
import { openApi, SPAN, type Api, type Reply } from "../support/api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const create = (config: object): Promise<Reply> => api.send("POST", "/v1/sessions", { body: { ...SPAN, config } });

/** One value of each option that is nobody's default; the compiler holds the list complete. */
const UNUSUAL: { readonly [Name in keyof EngineConfig]: EngineConfig[Name] } = {
  profile: "alpaca_live",
  tradingHours: "regular",
  slippage: { model: "tick_or_bps", args: [2, 3.5] },
  participation: 0.33,
  volumeBasis: "trailing",
  partialFills: 0.25,
  limitRule: "through_by_tick",
  intrabar: "olhc",
  partialDayBar: "skip",
  openEqual: "skip",
  cancelRace: "fill_wins",
  latencyMs: 77,
  gtcDays: null,
  clsCutOffMinutes: 5,
  auctionLeftover: "canceled",
  alpacaBuyStopCollar: true,
  marketCollar: 0.2,
  flip: "split",
  fees: "none",
  borrow: { model: "flat", args: [0.01] },
  interest: { model: "none" },
  margin: "cash",
  marginCall: "immediate",
  pdt: "legacy",
  dividends: "ex_date",
  splitFractions: "cash",
  seed: -5,
  initialPositions: [{ symbol: "AAPL", qty: "3", avgEntryPrice: "120.5" }],
  rulesVersion: defaultConfig("conservative").rulesVersion,
};

describe("the options of a session", () => {
  it.each<Profile>(["conservative", "ideal", "alpaca_paper", "alpaca_live", "pessimist"])(
    "are those of the profile %s, complete",
    async (profile) => {
      const { status, body } = await create({ profile });
      expect([status, body.config]).toEqual([201, { ...defaultConfig(profile) }]);
    },
  );

  it("can each be set by itself, and are echoed on every read", async () => {
    const { status, body } = await create(UNUSUAL);
    expect([status, body.config]).toEqual([201, UNUSUAL]);
    expect((await api.send("GET", `/v1/sessions/${body.id}`)).body.config).toEqual(UNUSUAL);
    for (const [name, value] of Object.entries(UNUSUAL)) {
      const alone = await create({ [name]: value });
      expect([name, alone.status, alone.body.config[name]]).toEqual([name, 201, value]);
    }
  });

  it("may be spelled in snake_case", async () => {
    const { body } = await create({ partial_fills: 1, alpaca_buy_stop_collar: true, market_collar: null });
    expect(body.config).toMatchObject({ partialFills: 1, alpacaBuyStopCollar: true, marketCollar: null });
  });

  it.each([
    [{ profile: "reckless" }, "profile must be one of conservative, ideal, alpaca_paper, alpaca_live, pessimist"],
    [{ intrabar: "random" }, "intrabar must be one of worst_case, adaptive, ohlc, olhc"],
    [{ marginCall: true }, "marginCall must be one of liquidate_next_open, flag_only, immediate, got true"],
    [{ fees: "cheap" }, "fees must be one of us_equity, none"],
    [{ alpacaBuyStopCollar: "yes" }, 'alpacaBuyStopCollar must be true or false, got "yes"'],
    [{ partialFills: 1.01 }, "partialFills must be a number from 0 to 1, got 1.01"],
    [{ partialFills: null }, "partialFills must be a number from 0 to 1, got null"],
    [{ marketCollar: 0 }, "marketCollar must be a number > 0 and <= 1, or null for no collar, got 0"],
    [{ marketCollar: "0.1" }, 'marketCollar must be a number > 0 and <= 1, or null for no collar, got "0.1"'],
    [{ participation: 0 }, "participation must be a number > 0 and <= 1, or null for no cap, got 0"],
    [{ gtcDays: 0 }, "gtcDays must be a whole number from 1 to 3653, got 0"],
    [{ clsCutOffMinutes: 61 }, "clsCutOffMinutes must be a whole number from 0 to 60, got 61"],
    [{ borrow: 0.01 }, 'borrow must be an object such as {"model":"flat","args":[0.0625]}, got 0.01'],
    [{ borrow: { model: "tiered" } }, 'borrow.model must be one of flat, none, got "tiered"'],
    [{ borrow: { model: "flat" } }, "borrow.args must be 1 number from 0 to 10 for flat, got []"],
    [{ interest: { model: "flat", args: [11] } }, "interest.args must be 1 number from 0 to 10 for flat, got [11]"],
    [{ interest: { model: "flat", args: [-0.1] } }, "interest.args must be 1 number from 0 to 10 for flat"],
    [{ interest: { model: "none", args: [1] } }, "interest.args must be 0 numbers from 0 to 10 for none, got [1]"],
    [{ interest: { model: "none", rate: 1 } }, "interest.rate is not known; known are: model, args"],
    [{ slippage: { model: "spread" } }, 'slippage.model must be one of tick_or_bps, bps, none, got "spread"'],
    [{ slippage: { model: "bps", args: ["5"] } }, "slippage.args must be 1 number from 0 to 10000 for bps"],
    [{ rulesVersion: 1 }, "rulesVersion must be 2, the rules of this version, got 1"],
    [{ seed: 1.5 }, "seed must be a whole number from -2147483648 to 4294967295, got 1.5"],
  ])("refuses %j", async (config, message) => {
    const reply = await create(config);
    expect(reply.body.message).toContain(`config.${message}`);
    expect([reply.status, reply.body.code]).toEqual([400, 40_010_000]);
  });

  it("says of those that only ticks have that they are not supported yet", async () => {
    for (const name of ["quoteBasis", "sizeRule"])
      expect(await create({ [name]: "any" })).toMatchObject({
        status: 422,
        body: { code: 42_210_001, message: `config.${name} is not supported yet` },
      });
  });

  it("lists all names where one is not known", async () => {
    const { body } = await create({ magic: 1 });
    expect(body.message).toBe(`config.magic is not known; known are: ${Object.keys(UNUSUAL).join(", ")}`);
  });
});
