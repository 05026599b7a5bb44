import { describe, expect, it } from "vitest";
import type { DownloadOptions } from "./download.ts";
import { desk } from "./download-fixture.ts";
import { KEYS } from "./provider-fixture.ts";

describe("the options of a download", () => {
  it.each<[string, Partial<DownloadOptions>, RegExp]>([
    ["provider", { provider: "yahoo" }, /--provider: got "yahoo", wanted alpaca or polygon/],
    ["symbol", { symbols: ["AAPL", "no"] }, /--symbols: got "no"/],
    ["pair", { symbols: ["BTC/USD"] }, /--symbols: got "BTC\/USD", wanted stocks/],
    ["first date", { from: "1.1.2024" }, /--from: got "1\.1\.2024", wanted a date/],
    ["date that has not come", { from: "2024-03-16" }, /--from: got "2024-03-16", wanted a date that has come/],
    ["span", { to: "2023-12-31" }, /--to: got "2023-12-31", wanted a span that ends/],
    ["timeframe", { timeframe: "1Week" }, /--timeframe: got "1Week"/],
    ["feed", { feed: "boats" }, /--feed: got "boats", wanted sip, iex, otc/],
    ["feed at Polygon", { provider: "polygon", feed: "sip" }, /--feed: got "sip", wanted nothing/],
    ["address", { baseUrl: "http://example.com" }, /--base-url: got "http:\/\/example\.com\/", wanted an https/],
    [
      "address with a key",
      { baseUrl: "https://me:pw@example.com/?apiKey=1" },
      /got "https:\/\/example\.com\/", wanted/,
    ],
    ["rate", { rate: "0" }, /--rate: got "0"/],
    ["way with conflicts", { onConflict: "merge" }, /--on-conflict: got "merge", wanted keep, replace or fail/],
    ["key that is missing", { env: { APCA_API_KEY_ID: "PK1" } }, /^APCA_API_SECRET_KEY is not set/],
    ["key with a line break", { env: { ...KEYS, APCA_API_KEY_ID: "PK1\nX" } }, /^APCA_API_KEY_ID: got something/],
  ])("are refused: %s", async (_, options, message) => {
    const { server, run } = await desk();
    await expect(run(options)).rejects.toMatchObject({ code: "bad_argument", message: expect.stringMatching(message) });
    expect(server.asked).toEqual([]);
  });

  it("go to the provider with the key in the headers, not in the address", async () => {
    const { server, run } = await desk();
    await run({ feed: "iex", to: "2024-01-31" });
    expect(server.asked[0]).toBe(
      "/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2024-01-01T05%3A00%3A00Z&end=2024-02-01T04%3A59%3A59Z" +
        "&limit=10000&adjustment=raw&feed=iex&sort=asc",
    );
    expect(server.headers()).toMatchObject({
      "apca-api-key-id": "PKTESTKEYID",
      "apca-api-secret-key": "very/secret+value",
    });
    await run({ provider: "polygon", to: "2024-01-31" });
    expect(server.headers()).toMatchObject({ authorization: "Bearer poly_secret" });
    expect(server.asked.at(-1)).not.toContain("poly_secret");
  });
});
