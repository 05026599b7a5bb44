/** A session in the middle of a morning, with the sample, a symbol by the day, a pair and corporate actions. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importActions, importFile, openMarket } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Reply } from "./api.ts";

const SPAN = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T16:00:00Z" };

export interface Morning {
  readonly api: Api;
  readonly account: string;
  /** A GET by an account of the session. */
  readonly get: (path: string) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

/** The clock stands at 10:15:30 in New York on 5 January 2023. */
export async function openMorning(): Promise<Morning> {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-morning-"));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const api = await openApi({
    prepare: async (dataDir) => {
      const market = await openMarket({ dataDir, sample: true });
      const head = "timestamp,open,high,low,close,volume\n";
      const days = "2023-01-03T05:00:00Z,9,11,8,10,500\n2023-01-04T05:00:00Z,10,13,10,12,700\n";
      const pair = "2023-01-05T15:00:00Z,16800,16900,16700,16850,2.5\n2023-01-05T15:20:00Z,16850,16900,16700,16800,3\n";
      await importFile({ market, path: file("days.csv", head + days), symbol: "DAYS", timeframe: "1Day" });
      await importFile({ market, path: file("pair.csv", head + pair), symbol: "BTC/USD", timeframe: "1Min" });
      const parts = "2023-01-05T15:00:00Z,9,11,8,10,500.5\n2023-01-05T15:01:00Z,9,11,8,10,0.25\n";
      await importFile({ market, path: file("parts.csv", head + parts), symbol: "PARTS", timeframe: "1Min" });
      const actions =
        "symbol,ex_date,type,old_rate,new_rate,cash_per_share\nDAYS,2023-01-04,split,1,2,\n" +
        "DAYS,2023-01-05,cash_dividend,,,0.5\nDAYS,2023-01-06,split,3,1,\n";
      await importActions({ market, path: file("actions.csv", actions) });
    },
  });
  const { session, account } = await openDesk(api, SPAN);
  await api.send("POST", `/v1/sessions/${session}/time/advance`, { body: { targetTime: "2023-01-05T15:15:30Z" } });
  return {
    api,
    account,
    get: (path) => api.send("GET", `/sim/${account}${path}`),
    close: async () => {
      await api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
