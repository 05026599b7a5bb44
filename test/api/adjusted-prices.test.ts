/** R39: what companies do to their shares counts where prices are raw, and the session says where they are not. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { importActions, importFile, openMarket } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Desk } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;
let desk: Desk;

const { place, get, advance } = deskRequests(() => api);

const BARS = [
  "timestamp,open,high,low,close,volume",
  "2024-03-04,80,80,80,80,1000000",
  "2024-03-05,80,80,80,80,1000000",
  "2024-03-06,40,40,40,40,1000000",
].join("\n");

const ACTIONS = [
  "symbol,ex_date,type,old_rate,new_rate,cash_per_share,record_date,pay_date,new_symbol",
  "RAW,2024-03-06,split,1,2,,,,",
  "ADJ,2024-03-06,split,1,2,,,,",
].join("\n");

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-adjusted-"));
  api = await openApi({
    sample: false,
    prepare: async (dataDir) => {
      const market = await openMarket({ dataDir, sample: false });
      for (const symbol of ["RAW", "ADJ"]) {
        const path = join(folder, `${symbol}.csv`);
        writeFileSync(path, BARS);
        await importFile({ market, path, symbol, timeframe: "1Day", isAdjusted: symbol === "ADJ" });
      }
      const path = join(folder, "actions.csv");
      writeFileSync(path, ACTIONS);
      await importActions({ market, path });
    },
  });
  rmSync(folder, { recursive: true, force: true });
  desk = await openDesk(api, {
    startTime: "2024-03-04T21:30:00Z",
    endTime: "2024-03-08T21:00:00Z",
    config: { profile: "ideal" },
  });
});
afterAll(() => api.close());

it("A split makes two shares of one where prices are raw, and nothing where they are adjusted", async () => {
  for (const symbol of ["RAW", "ADJ"]) await place(desk, { symbol, qty: 10, time_in_force: "gtc" });
  await advance(desk, { targetTime: "2024-03-06T15:00:00Z" });
  const positions = (await get(desk, `/v1/trading/accounts/${desk.account}/positions`)).body as readonly {
    symbol: string;
    qty: string;
  }[];
  expect(Object.fromEntries(positions.map(({ symbol, qty }) => [symbol, qty]))).toEqual({ RAW: "20", ADJ: "10" });
  const splits = (await get(desk, `/v1/trading/accounts/${desk.account}/account/activities/SPLIT`)).body;
  expect(splits).toMatchObject([{ symbol: "RAW", qty: "10" }]);
});

it("The session names the symbols whose prices are adjusted", async () => {
  const session = (await get(desk, `/v1/sessions/${desk.session}`)).body;
  expect(JSON.stringify(session.notices)).toContain("ADJ");
  expect(JSON.stringify(session.notices)).not.toContain("RAW");
});
