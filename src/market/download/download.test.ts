import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatInstant, instant } from "../../kernel/index.ts";
import { barsOf } from "../import/import-fixture.ts";
import type { Market } from "../market.ts";
import { BARS, desk, stamps, truth } from "./download-fixture.ts";
import { daysOfBars, KEYS, minutesOf, send, type Mischief, type WireBar } from "./provider-fixture.ts";

const PROVIDERS = ["alpaca", "polygon"] as const;

describe.each(PROVIDERS)("a download from %s", (provider) => {
  it("brings every bar of several pages and months, as it was sent", async () => {
    const { market, server, run } = await desk();
    const report = await run({ provider });
    expect(report).toMatchObject({ fault: undefined, symbols: [{ received: 35, added: 35, refused: 0, retries: 0 }] });
    expect(await stamps(market)).toEqual(truth());
    expect((await barsOf(market, "AAPL", "1Min"))[8]).toMatchObject({ open: 101.01, volume: 1101, trades: 10 });
    expect(market.describe()).toMatchObject([
      { isAdjusted: false, source: provider === "alpaca" ? "alpaca sip" : "polygon" },
    ]);
    // January has 21 bars in 7 pages, February and March 7 in 3 each.
    expect(server.asked).toHaveLength(13);
  });

  it("brings day bars, but never that of a day that is not over", async () => {
    const bars = daysOfBars(["2024-03-13", "2024-03-14", "2024-03-15"]);
    const { market, run } = await desk(bars);
    await run({ provider, timeframe: "1Day", to: "2024-03-15" });
    expect(await stamps(market, "1Day")).toEqual(truth(bars.slice(0, 2)));
  });

  it("goes on after it was killed in the middle: no gap, no double", async () => {
    const { market, server, run } = await desk();
    const stop = new AbortController();
    const kill: Mischief = () => {
      stop.abort();
      return true;
    };
    const well: Mischief = () => false;
    server.mischief.push(...Array.from({ length: 8 }, () => well), kill);
    const first = await run({ provider, signal: stop.signal });
    expect(first.fault?.code).toBe("interrupted");
    expect(await stamps(market)).toEqual(truth(BARS.slice(0, 21)));
    server.asked.length = 0;
    const second = await run({ provider });
    expect(second).toMatchObject({ fault: undefined, symbols: [{ received: 14, added: 14, daysKnown: 31 }] });
    expect(server.asked).toHaveLength(6);
    expect(await stamps(market)).toEqual(truth());
    server.asked.length = 0;
    expect(await run({ provider })).toMatchObject({ symbols: [{ received: 0 }], requests: 0 });
    expect(server.asked).toEqual([]);
  });

  it.each<[string, Mischief]>([
    ["429", (_, response) => (send(response, 429, { message: "too many" }, { "retry-after": "7" }), true)],
    ["500", (_, response) => (send(response, 500, "oh dear"), true)],
    ["a body that is cut short", (_, response) => (send(response, 200, '{"bars":{"AAPL":[{"t":'), true)],
    [
      "a connection that breaks in the body",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"bars":');
        setImmediate(() => response.destroy());
        return true;
      },
    ],
    ["a connection that breaks before", (request) => (request.socket.destroy(), true)],
    ["a page of HTML", (_, response) => (send(response, 200, "<html>Log in</html>"), true)],
    ["JSON of another shape", (_, response) => (send(response, 200, { surprise: [1] }), true)],
    ["nothing", (_, response) => (send(response, 200, ""), true)],
  ])("asks again after %s, in the middle of the pages", async (name, once) => {
    const { market, server, run, time } = await desk();
    server.mischief.push(() => false, once);
    const report = await run({ provider });
    expect(report).toMatchObject({ fault: undefined, retries: 1, symbols: [{ received: 35, added: 35 }] });
    expect(await stamps(market)).toEqual(truth());
    // Without chance, back-off is half a second; Retry-After is what it says. Polygon's pace of 5 a minute comes besides.
    expect(time.waits[0]).toBe(name === "429" ? 7000 : 500);
  });

  it("stops at a refused key, and shows neither it nor what is secret", async () => {
    const { server, run, news, market } = await desk();
    server.mischief.push((_, response) => {
      send(response, 401, { message: `bad key ${KEYS.APCA_API_SECRET_KEY} or ${KEYS.POLYGON_API_KEY}\u001b[2J` });
      return true;
    });
    const report = await run({ provider, symbols: ["AAPL", "MSFT"] });
    expect(report.fault?.code).toBe("download_failed");
    expect(report.fault?.message).toMatch(
      /answered 401: "bad key .*See to the key in (APCA_API_KEY_ID|POLYGON_API_KEY)/,
    );
    expect(server.asked).toHaveLength(1);
    const said = JSON.stringify([report, report.fault?.message, news]);
    const own = provider === "alpaca" ? [KEYS.APCA_API_KEY_ID, KEYS.APCA_API_SECRET_KEY] : [KEYS.POLYGON_API_KEY];
    for (const secret of own) expect(said).not.toContain(secret);
    expect(report.fault?.message).not.toContain("\u001b");
    await expect(readdir(market.directory)).rejects.toThrow("ENOENT");
  });

  it("gives up after eight tries, with what came last", async () => {
    const { server, run, time } = await desk();
    server.mischief.push(
      ...Array.from({ length: 20 }, (): Mischief => (_, response) => (send(response, 503, {}), true)),
    );
    const report = await run({ provider, rate: "1000" });
    expect(report.fault?.message).toMatch(/was asked 8 times; the last time it answered 503\. Look at the network/);
    expect(time.waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000]);
  });

  it("goes on with the next symbol where one is refused", async () => {
    const { server, run } = await desk();
    server.mischief.push((_, response) => (send(response, 422, { message: "invalid symbol: NONE" }), true));
    const report = await run({ provider, symbols: ["NONE", "AAPL"] });
    expect(report.symbols[0]?.failure?.message).toContain('answered 422: "invalid symbol: NONE"');
    expect(report).toMatchObject({ fault: undefined, symbols: [{ received: 0 }, { symbol: "AAPL", added: 35 }] });
  });

  it("stays below the rate that it is given", async () => {
    const { run, time } = await desk();
    await run({ provider, rate: "4" });
    expect(time.waits).toEqual([60_000, 60_000, 60_000]);
  });

  it.each<[string, (bars: readonly WireBar[]) => readonly unknown[], RegExp]>([
    [
      "lie outside what was asked for",
      ([bar]) => [{ ...bar, t: BARS[0]?.t ?? 0 }],
      /2024-01-02T14:30:00Z lies outside/,
    ],
    ["do not ascend", ([bar]) => [bar, bar], /2024-02-01T14:30:00Z follows one at .*: bars must ascend/],
  ])("refuses bars that %s, and keeps nothing of the stretch", async (_, change, message) => {
    const { market, server, run } = await desk();
    const february = BARS.slice(21, 28);
    const wrong = change(february).map((bar) => wireOf(provider, bar as WireBar));
    server.mischief.push((_request, response) => (send(response, 200, answerOf(provider, "AAPL", wrong)), true));
    const report = await run({ provider, from: "2024-02-01" });
    expect(report.symbols[0]?.failure?.message).toMatch(message);
    expect(market.describe()).toEqual([]);
  });

  it("refuses bars of another symbol", async () => {
    const { server, run } = await desk();
    const other: Mischief = (_, response) => (
      send(response, 200, answerOf(provider, "MSFT", [wireOf(provider, BARS[0])])),
      true
    );
    server.mischief.push(...Array.from({ length: 8 }, () => other));
    expect((await run({ provider, rate: "1000" })).fault?.message).toMatch(/unsound: .*"MSFT", wanted AAPL/);
  });

  it("reports bars that cannot be bars, and takes the others", async () => {
    const odd = BARS.slice(0, 3).map((bar, index) => (index === 1 ? { ...bar, h: 1 } : bar));
    const { market, run } = await desk(odd);
    const report = await run({ provider, to: "2024-01-31" });
    expect(report.symbols[0]).toMatchObject({
      received: 3,
      added: 2,
      refused: 1,
      refusedBars: [
        { line: 2, reason: "high_below_low", message: expect.stringMatching(/^2024-01-02T14:31:00Z: high: /) },
      ],
    });
    expect(await stamps(market)).toEqual(truth([odd[0], odd[2]].filter((bar) => bar !== undefined)));
  });
});

const wireOf = (provider: string, bar: WireBar | undefined): unknown =>
  provider === "alpaca" ? { ...bar, t: formatInstant(bar?.t ?? (0 as WireBar["t"])) } : bar;

const answerOf = (provider: string, symbol: string, bars: readonly unknown[]): unknown =>
  provider === "alpaca"
    ? { bars: { [symbol]: bars }, next_page_token: null }
    : { ticker: symbol, status: "OK", results: bars };

describe("a page", () => {
  it("that comes again ends the symbol, from Alpaca", async () => {
    const { market, server, run } = await desk();
    const again: Mischief = (_, response) => {
      send(response, 200, { bars: {}, next_page_token: "again" });
      return true;
    };
    server.mischief.push(again, again);
    expect((await run()).symbols[0]?.failure?.message).toMatch(/named a page again that it had sent/);
    expect(market.describe()).toEqual([]);
  });

  it("without word of the next one is unsound", async () => {
    const { server, run } = await desk();
    server.mischief.push((_, response) => (send(response, 200, { bars: {} }), true));
    expect(await run()).toMatchObject({ retries: 1, symbols: [{ received: 35 }] });
  });

  it("elsewhere is not fetched: the key would go there", async () => {
    const { server, run } = await desk();
    const away: Mischief = (_, response) => {
      send(response, 200, {
        ticker: "AAPL",
        status: "OK",
        results: [],
        next_url: "https://elsewhere.example/v2/aggs?cursor=1",
      });
      return true;
    };
    server.mischief.push(...Array.from({ length: 8 }, () => away));
    const { fault } = await run({ provider: "polygon" });
    expect(fault?.message).toMatch(/next_url: got "https:\/\/elsewhere\.example", wanted an address at http:\/\/127/);
  });
});

describe("a wait", () => {
  it("that is too long ends the download, and says how long it is", async () => {
    const { server, run, time } = await desk();
    server.mischief.push((_, response) => (send(response, 429, {}, { "x-ratelimit-reset": "1710522000" }), true));
    expect((await run()).fault?.message).toMatch(/answered 429\. It asks to wait 60 minutes/);
    expect(time.waits).toEqual([]);
  });

  it("until the limit is reset is as long as the provider says", async () => {
    const { server, run, time } = await desk();
    server.mischief.push((_, response) => (send(response, 429, {}, { "x-ratelimit-reset": "1710518430" }), true));
    expect(await run()).toMatchObject({ retries: 1, symbols: [{ received: 35 }] });
    expect(time.waits).toEqual([30_000]);
  });

  it("ends at once when the download is ended", async () => {
    const { server, run, time } = await desk();
    const stop = new AbortController();
    server.mischief.push((_, response) => (send(response, 429, {}, { "retry-after": "600" }), true));
    const wait = async (): Promise<void> => {
      stop.abort();
      throw new Error("The wait was cut short.");
    };
    const report = await run({ signal: stop.signal, time: { ...time, wait } });
    expect(report).toMatchObject({ requests: 1, fault: { code: "interrupted" } });
  });
});

describe("an answer", () => {
  it("that is larger than any real one ends the download", async () => {
    const { server, run } = await desk();
    const megabyte = " ".repeat(1_048_576);
    server.mischief.push((_, response) => {
      response.writeHead(200);
      for (let sent = 0; sent < 34; sent += 1) response.write(megabyte);
      response.end();
      return true;
    });
    expect((await run()).fault?.message).toMatch(/sent more than 32 MiB in one answer/);
    expect(server.asked).toHaveLength(1);
  });

  it("of more bars than there are minutes ends the symbol", async () => {
    const { market, server, run } = await desk();
    const start = BARS[0]?.t ?? 0;
    const bars = Array.from({ length: 1600 }, (_, index) => ({ ...BARS[0], t: formatInstant(instant(start + index)) }));
    server.mischief.push((_, response) => (send(response, 200, answerOf("alpaca", "AAPL", bars)), true));
    const report = await run({ from: "2024-01-02", to: "2024-01-02" });
    expect(report.symbols[0]?.failure?.message).toMatch(/comes after 1504 others: too many/);
    expect(market.describe()).toEqual([]);
  });

  it("without an end ends the symbol", async () => {
    const { server, run } = await desk();
    let page = 0;
    const more: Mischief = (_, response) => {
      page += 1;
      send(response, 200, { bars: {}, next_page_token: `${page}` });
      return true;
    };
    server.mischief.push(...Array.from({ length: 1001 }, () => more));
    expect((await run()).symbols[0]?.failure?.message).toMatch(/has sent 1000 pages without an end/);
  });
});

describe("a redirect", () => {
  it("is not followed", async () => {
    const { server, run } = await desk();
    server.mischief.push(
      (_, response) => (send(response, 302, "", { location: "/v2/stocks/bars?symbols=AAPL" }), true),
    );
    expect((await run()).fault?.message).toMatch(/answered 302\. See that the address/);
    expect(server.asked).toHaveLength(1);
  });
});

describe("the record of a download", () => {
  const job = (market: Market): string => join(market.directory, "downloads/alpaca-AAPL-1Min-sip-raw.json");

  it("holds what is complete, and no key", async () => {
    const { market, run } = await desk();
    await run();
    const text = await readFile(job(market), "utf8");
    expect(JSON.parse(text)).toMatchObject({
      format: "tapedeck-download",
      provider: "alpaca",
      stretches: [
        { from: "2024-01-01", to: "2024-01-31", bars: 21 },
        { from: "2024-02-01", to: "2024-02-29", bars: 7 },
        { from: "2024-03-01", to: "2024-03-14", bars: 7 },
      ],
    });
    for (const secret of Object.values(KEYS)) expect(text).not.toContain(secret);
    expect(await readdir(join(market.directory, "downloads"))).toHaveLength(1);
  });

  it("lets a day that was not over be fetched again", async () => {
    const today = minutesOf(["2024-03-15"], 120);
    const { market, server, run, time } = await desk(today, 1000);
    await run({ to: "2024-03-15" });
    // It is 12:00 in New York: all of them are more than 20 minutes old.
    expect((await stamps(market)).length).toBe(120);
    server.asked.length = 0;
    time.passDays(1);
    await run({ to: "2024-03-15" });
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]).toContain("start=2024-03-15T04%3A00%3A00Z");
    server.asked.length = 0;
    await run({ to: "2024-03-15" });
    expect(server.asked).toEqual([]);
  });

  it("leaves minutes alone that may still change", async () => {
    const { market, run } = await desk(minutesOf(["2024-03-15"], 200), 1000);
    await run({ to: "2024-03-15" });
    expect((await stamps(market)).at(-1)).toBe("2024-03-15T15:39:00Z");
  });

  it("is ignored with a word where it is damaged, and where it is of another address", async () => {
    const { market, server, run } = await desk();
    await run();
    await writeFile(job(market), "{ half");
    const report = await run();
    expect(report.notes).toEqual([expect.stringContaining("is not used: it is not JSON")]);
    expect(report).toMatchObject({ symbols: [{ received: 35, added: 0 }] });
    const elsewhere = await run({ baseUrl: `${server.url}/elsewhere` });
    expect(elsewhere.notes).toEqual([expect.stringContaining("is not used: it is of another address")]);
  });

  it("is not believed where the catalog has lost the bars", async () => {
    const { market, run } = await desk();
    await run();
    await rm(join(market.directory, "manifest.json"));
    await rm(join(market.directory, "bars"), { recursive: true });
    market.refresh();
    const report = await run();
    expect(report.notes).toEqual([expect.stringContaining("no longer has all")]);
    expect(await stamps(market)).toEqual(truth());
  });

  it("is ignored with --restart", async () => {
    const { run } = await desk();
    await run();
    expect(await run({ isRestart: true })).toMatchObject({ symbols: [{ received: 35, added: 0, daysKnown: 0 }] });
  });
});

describe("a conflict with the catalog", () => {
  it("fails the stretch with the first bar that differs, and lets other symbols go on", async () => {
    const { market, server, run } = await desk();
    await run({ to: "2024-02-29" });
    const [first] = BARS;
    const changed = { bars: { AAPL: [wireOf("alpaca", first && { ...first, c: 99.5 })] }, next_page_token: null };
    server.mischief.push((_, response) => (send(response, 200, changed), true));
    const report = await run({ isRestart: true, symbols: ["AAPL", "NONE"] });
    expect(report.symbols[0]?.failure?.message).toMatch(/AAPL at 2024-01-02T14:30:00Z: close is 100\.5 .* 99\.5/);
    expect(report).toMatchObject({ fault: undefined, symbols: [{}, { symbol: "NONE", failure: undefined }] });
    expect((await barsOf(market, "AAPL", "1Min"))[0]).toMatchObject({ close: 100.5 });
  });

  it.each([
    ["keep", 100.5],
    ["replace", 99.5],
  ])("is decided with %s for the whole day, and then all is there", async (onConflict, close) => {
    const { market, server, run } = await desk();
    await run({ to: "2024-02-29" });
    const [first] = BARS;
    const changed = { bars: { AAPL: [wireOf("alpaca", first && { ...first, c: 99.5 })] }, next_page_token: null };
    server.mischief.push((_, response) => (send(response, 200, changed), true));
    const report = await run({ isRestart: true, to: "2024-01-31", onConflict });
    expect(report).toMatchObject({ fault: undefined, symbols: [{ failure: undefined }] });
    const day = (await barsOf(market, "AAPL", "1Min")).filter(({ start }) => start < Date.UTC(2024, 0, 3));
    expect(day[0]).toMatchObject({ close });
    if (onConflict === "replace") expect(day).toHaveLength(1);
    const requests = server.asked.length;
    await run({ to: "2024-01-31", onConflict });
    if (onConflict === "keep") expect(server.asked).toHaveLength(requests);
  });
});
