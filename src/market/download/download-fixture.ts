/** A market and a provider on loopback for the tests of downloads: bars that are known, and what came of them. */
import { onTestFinished } from "vitest";
import { formatInstant } from "../../kernel/index.ts";
import { barsOf } from "../import/import-fixture.ts";
import { openMarket, type Market } from "../market.ts";
import { temporaryDirectory } from "../market-fixture.ts";
import { downloadBars, type DownloadOptions } from "./download.ts";
import type { DownloadNews, DownloadReport } from "./download-report.ts";
import {
  KEYS,
  minutesOf,
  providerServer,
  testTime,
  type ProviderServer,
  type TestTime,
  type WireBar,
} from "./provider-fixture.ts";

const DATES = ["2024-01-02", "2024-01-03", "2024-01-31", "2024-02-01", "2024-03-01"];
/** Minutes of five days in three months: 35 bars. */
export const BARS = minutesOf(DATES, 7);

export interface Desk {
  readonly market: Market;
  readonly server: ProviderServer;
  readonly time: TestTime;
  readonly news: DownloadNews[];
  readonly run: (options?: Partial<DownloadOptions>) => Promise<DownloadReport>;
}

/** It is noon in New York on 2024-03-15. */
export async function desk(bars: readonly WireBar[] = BARS, pageSize = 3): Promise<Desk> {
  const dataDir = await temporaryDirectory(onTestFinished);
  const market = await openMarket({ dataDir, sample: false });
  const server = await providerServer(onTestFinished, { bars: new Map([["AAPL", bars]]), pageSize });
  const time = testTime("2024-03-15T16:00:00Z");
  const news: DownloadNews[] = [];
  const run: Desk["run"] = (options = {}) =>
    downloadBars({
      market,
      provider: "alpaca",
      symbols: ["AAPL"],
      from: "2024-01-01",
      timeframe: "1Min",
      baseUrl: server.url,
      env: KEYS,
      isWithActions: false,
      isWithAssets: false,
      signal: new AbortController().signal,
      time,
      onNews: (one) => news.push(one),
      ...options,
    });
  return { market, server, time, news, run };
}

/** The stamps of the bars that the catalog has. */
export const stamps = async (market: Market, timeframe = "1Min"): Promise<readonly string[]> =>
  (await barsOf(market, "AAPL", timeframe)).map(({ label }) => formatInstant(label));

/** The stamps of the bars that the provider has. */
export const truth = (bars: readonly WireBar[] = BARS): readonly string[] => bars.map(({ t }) => formatInstant(t));
