/** `tapedeck data download`: from a provider on loopback into the catalog, ended and gone on with, beside a server. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  KEYS,
  minutesOf,
  providerServer,
  send,
  type Mischief,
  type ProviderServer,
  type WireBar,
} from "../../src/market/download/provider-fixture.ts";
import { createClient } from "../support/http-client.ts";
import { createPlace, serve, type Outcome, type Place } from "./run-cli.ts";

let place: Place;
let server: ProviderServer;

const BARS = new Map<string, readonly WireBar[]>([
  ["AAPL", minutesOf(["2024-01-02", "2024-02-01"], 6)],
  ["MSFT", minutesOf(["2024-01-03"], 2)],
]);

beforeEach(async () => {
  place = createPlace();
  server = await providerServer(onTestFinished, { bars: BARS, pageSize: 4 });
  server.answers.set("/v1/corporate-actions", { corporate_actions: {}, next_page_token: null });
});
afterEach(() => place.clear());

const SPAN = ["--from", "2024-01-01", "--to", "2024-02-29", "--timeframe", "1Min"];

const words = (...more: readonly string[]): readonly string[] => {
  const where = ["--base-url", server.url, "--data-dir", place.dataDir];
  return ["data", "download", "--provider", "alpaca", ...SPAN, ...where, ...more];
};

const download = (...more: readonly string[]): Promise<Outcome> => place.run(words(...more), KEYS);

/** Stamps of the bars that a server on the data directory shows. */
async function stamps(symbol: string): Promise<readonly string[]> {
  const running = await serve(place);
  const { body } = await createClient(running.url).request("GET", `/v1/assets/${symbol}/bars?timeframe=1Min`);
  running.kill("SIGTERM");
  await running.outcome;
  return (body as { bars: { t: string }[] }).bars.map(({ t }) => t);
}

const truth = (symbol: string): readonly string[] =>
  (BARS.get(symbol) ?? []).map(({ t }) => new Date(t).toISOString().replace(".000", ""));

describe("tapedeck data download", () => {
  it("reports what came, line by line where nobody watches, and then knows it", async () => {
    server.answers.set("/v1/corporate-actions", {
      corporate_actions: { spin_offs: [{ id: "1", source_symbol: "AAPL" }] },
      next_page_token: null,
    });
    const { code, stdout, stderr } = await download("--symbols", "AAPL");
    expect(code).toBe(0);
    // On a slow machine the first line has the time that is left.
    expect(stderr).toMatch(
      /^AAPL 2024-01-01 to 2024-01-31: 6 bars, 6 new \(51%(, \d+ s left)?\)\nAAPL 2024-02-01 to 2024-02-29: 6 bars, 6 new \(100%\)\n$/,
    );
    expect(stdout).toContain("alpaca sip, 1Min, 2024-01-01 to 2024-02-29: 6 requests\n");
    expect(stdout).toMatch(/^ +AAPL +12 +12 +0 +6 +0 +unknown +complete$/m);
    expect(stdout).toContain("  AAPL: corporate actions that are not booked: spin_offs 1\n");
    expect(stdout).toContain("in the place of the built-in sample's: AAPL\n");
    const again = await download("--symbols", "AAPL");
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: "" });
    expect(again.stdout).toContain("0 requests\n  Nothing new");
    expect(await stamps("AAPL")).toEqual(truth("AAPL"));
  });

  it("takes the symbols of a file, and reports as a document", async () => {
    writeFileSync(join(place.path, "symbols.txt"), "AAPL, MSFT # two\n# NONE\n\nQQQ\n");
    const document = await place.runJson(words("--symbols", "@symbols.txt", "--no-actions", "--no-assets"), KEYS);
    expect(document).toMatchObject({
      provider: "alpaca",
      feed: "sip",
      isComplete: true,
      symbols: [
        { symbol: "AAPL", received: 12, added: 12 },
        { symbol: "MSFT", received: 2, added: 2 },
        { symbol: "QQQ", received: 0, added: 0 },
      ],
    });
    expect(server.asked.filter((path) => !path.startsWith("/v2/stocks/bars"))).toEqual([]);
  });

  /** Starts a download of which the second page of the second month is never answered, and ends it there. */
  async function endInTheMiddle(signal: NodeJS.Signals): Promise<Outcome> {
    const well: Mischief = () => false;
    let hang = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      hang = resolve;
    });
    server.mischief.push(well, well, well, () => (hang(), true));
    const running = place.start(words("--symbols", "AAPL,MSFT"), KEYS);
    await hanging;
    running.kill(signal);
    return running.outcome;
  }

  it("ends in order at Ctrl-C, with what is there and how to go on", async () => {
    const { code, stdout, stderr } = await endInTheMiddle("SIGINT");
    expect(code).toBe(130);
    expect(stderr).toMatch(/\ntapedeck \(interrupted\): Interrupted\. .*the same command goes on from there\.\n$/);
    expect(stdout).toMatch(/^ +AAPL +6 +6 +0 +4 +not complete$/m);
  });

  it.each(["SIGINT", "SIGKILL"] as const)("goes on where %s ended it: no gap, no double", async (signal) => {
    await endInTheMiddle(signal);
    expect(await stamps("AAPL")).toEqual(truth("AAPL").slice(0, 6));
    server.asked.length = 0;
    expect(await download("--symbols", "AAPL,MSFT", "--no-actions", "--no-assets")).toMatchObject({ code: 0 });
    // Two pages of February for one, both months of the other.
    expect(server.asked).toHaveLength(4);
    expect(await stamps("AAPL")).toEqual(truth("AAPL"));
    expect(await stamps("MSFT")).toEqual(truth("MSFT"));
  });

  it("says whose turn it is where the key is refused, and never shows a key", async () => {
    server.mischief.push((_, response) => (send(response, 401, { message: "access key verification failed" }), true));
    const { code, stdout, stderr } = await download("--symbols", "AAPL", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ isComplete: false, error: { code: "download_failed" } });
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: "download_failed",
        message: expect.stringMatching(/answered 401: "access key verification failed"\. See to the key in APCA_/),
      },
    });
    for (const secret of Object.values(KEYS)) expect(stdout + stderr).not.toContain(secret);
  });

  it("ends with 1 for symbols that were refused, having taken the others", async () => {
    server.mischief.push((_, response) => (send(response, 400, { message: "invalid symbol: NONE" }), true));
    const { code, stdout, stderr } = await download("--symbols", "NONE,MSFT");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ +MSFT +2 +2 +0 +4 +0 +unknown +complete$/m);
    expect(stderr).toMatch(/\(download_failed\): 1 of 2 symbols are not complete:\n {2}NONE: .*invalid symbol: NONE/);
  });

  it("ends with 2 without a key, and for a file that is not there", async () => {
    const keyless = await place.run(words("--symbols", "AAPL"));
    expect(keyless).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("APCA_API_KEY_ID is not set"),
    });
    const fileless = await download("--symbols", "@gone.txt");
    expect(fileless).toMatchObject({ code: 2, stderr: expect.stringContaining("gone.txt could not be read") });
    expect(server.asked).toEqual([]);
  });
});
