import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tradingDaysBetween } from "../calendar/index.ts";
import { instant, isRefusal, parseInstant, priceFromBar, type CivilDate, type Instant } from "../kernel/index.ts";
import { openMarket, type Market } from "../market/index.ts";
import { pastPrices, type PastPrices, type PricesWanted } from "./portfolio.ts";

const time = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};

const folder = mkdtempSync(join(tmpdir(), "tapedeck-portfolio-"));
let market: Market;

beforeAll(async () => {
  // A month of minutes of one symbol takes more than half of it: a year is only to be had month by month.
  market = await openMarket({ dataDir: folder, bytesMax: 3_000_000 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const END = time("2023-12-31T00:00:00Z");

async function ask(wanted: PricesWanted, clock = END): Promise<PastPrices> {
  const prices = await pastPrices(market, wanted, clock);
  if (isRefusal(prices)) throw new Error(prices.message);
  return prices;
}

const at = (...times: readonly Instant[]) => times.map((each) => ({ at: each, pricedAt: each }));

describe("prices of the past", () => {
  it("are the closes of a year's days, each symbol's own, without the year in memory", async () => {
    const days = tradingDaysBetween("2023-01-03" as CivilDate, "2023-12-29" as CivilDate);
    const closes = at(...days.map(({ close }) => close));
    const prices = await ask(
      new Map([
        ["AAPL", closes],
        ["MSFT", closes.slice(5, 25)],
      ]),
    );
    for (const symbol of ["AAPL", "MSFT"]) {
      const page = await market.bars({
        symbol,
        timeframe: "1Day",
        start: time("2023-01-01T00:00:00Z"),
        end: END,
        limit: 1000,
        after: undefined,
        knownAt: undefined,
      });
      if (isRefusal(page)) throw new Error(page.message);
      const expected = page.bars.map(({ close }) => priceFromBar(close));
      expect(prices.get(symbol)).toEqual(symbol === "AAPL" ? expected : expected.slice(5, 25));
    }
    expect(market.bytesHeld).toBeLessThanOrEqual(3_000_000);
  });

  it("are the open of the bar that runs, and nothing before the first", async () => {
    const [before, opening, running] = [
      time("1999-01-04T15:00:00Z"),
      time("2023-01-03T14:30:00Z"),
      time("2023-01-03T14:30:30Z"),
    ];
    const loaded = await market.load({ symbols: ["AAPL"], from: opening, until: running });
    if (isRefusal(loaded)) throw new Error(loaded.message);
    const bar = loaded.barAt("AAPL", opening);
    const earlier = loaded.lastBarBefore("AAPL", opening);
    const prices = await ask(new Map([["AAPL", at(before, opening, running)]]));
    expect(prices.get("AAPL")).toEqual([undefined, priceFromBar(earlier?.close ?? 0), priceFromBar(bar?.open ?? 0)]);
    expect((await ask(new Map([["NOPE", at(opening)]]))).get("NOPE")).toEqual([undefined]);
  });

  it("are those of the close at night, where that is asked for", async () => {
    const [close, night] = [time("2023-01-03T21:00:00Z"), time("2023-01-04T04:00:00Z")];
    const prices = await ask(new Map([["AAPL", [{ at: night, pricedAt: close }, ...at(close)]]]));
    const [atNight, atClose] = prices.get("AAPL") ?? [];
    expect(atNight).toBe(atClose);
  });

  it("never reach beyond the clock", async () => {
    const clock = time("2023-01-03T15:00:00Z");
    const prices = await ask(new Map([["AAPL", at(clock, instant(clock + 86_400_000))]]), clock);
    const [known, clipped] = prices.get("AAPL") ?? [];
    expect(clipped).toBe(known);
  });
});
