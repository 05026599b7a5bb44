/** `tapedeck session`: each verb against a running server. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, field } from "../support/http-client.ts";
import { createPlace, serve, type Outcome, type Place, type Running } from "./run-cli.ts";

let place: Place;
let server: Running & { readonly url: string };
beforeAll(async () => {
  place = createPlace();
  server = await serve(place);
});
afterAll(async () => {
  server.kill("SIGTERM");
  await server.outcome;
  place.clear();
});

const session = (...words: readonly string[]): Promise<Outcome> =>
  place.run(["session", ...words, "--url", server.url]);
const sessionJson = (...words: readonly string[]): Promise<unknown> =>
  place.runJson(["session", ...words, "--url", server.url]);

const SPAN = ["--start", "2023-01-03T14:30:00Z", "--end", "2023-01-31T21:00:00Z"];

async function create(...words: readonly string[]): Promise<string> {
  const body = (await sessionJson("create", ...SPAN, ...words)) as { readonly id: string };
  return body.id;
}

describe("tapedeck keys create --account", () => {
  it("makes a key for one account through the server, and lists what it is for", async () => {
    const client = createClient(server.url);
    const id = await create();
    const account = field((await client.request("POST", "/v1/accounts", {}, id)).body, "id");
    const words = ["keys", "create", "--account", account, "--scope", "session", "--url", server.url];
    const { code, stdout } = await place.run(words);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/export TAPEDECK_SECRET_KEY=[A-Z2-7]{52}/)]);
    expect(stdout).toContain(`was made for account ${account} (session)`);
    expect((await place.run(["keys", "list", "--data-dir", place.dataDir])).stdout).toContain(`session ${account}`);
    const missing = await place.run(["keys", "create", "--account", "nope", "--url", server.url]);
    expect([missing.code, missing.stderr]).toEqual([5, expect.stringContaining("account not found")]);
  });
});

describe("tapedeck session", () => {
  it("creates a session with everything that was asked for, and shows it", async () => {
    const options = [
      "--name",
      "as asked",
      "--cash",
      "2500.5",
      "--profile",
      "ideal",
      "--option",
      "tradingHours=regular",
    ];
    const id = await create(...options, "--option", 'slippage={"model":"bps","args":[5]}', "--option", "gtcDays=null");
    expect(await sessionJson("show", id)).toMatchObject({
      id,
      name: "as asked",
      initial_cash: 2500.5,
      simulation_start: "2023-01-03T14:30:00Z",
      config: { profile: "ideal", tradingHours: "regular", slippage: { model: "bps", args: [5] }, gtcDays: null },
    });
    const { code, stdout } = await session("show", "as asked");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +current_time +2023-01-03T14:30:00Z$/m);
    expect(stdout).toMatch(/^ +config\.slippage +\{"model":"bps","args":\[5\]\}$/m);
    expect(stdout).toMatch(/^ +config\.gtcDays +null$/m);
  });

  it("lists sessions, newest first, as many as asked for", async () => {
    await create("--name", "older");
    const id = await create("--name", "newer");
    const { code, stdout } = await session("list", "--limit", "2");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ID +NAME +STATUS +CLOCK +END +PLAYBACK\n\S+ +newer +active .*\n\S+ +older +active .*\nThere are more; see --limit\.\n$/,
    );
    expect(await sessionJson("list", "--limit", "1")).toMatchObject([{ id }]);
  });

  it("advances by a minute, by minutes, to a time, and to the end", async () => {
    const id = await create();
    expect(await sessionJson("advance", id)).toMatchObject({
      previousTime: "2023-01-03T14:30:00Z",
      currentTime: "2023-01-03T14:31:00Z",
    });
    expect((await session("advance", id, "--minutes", "0.5")).stdout).toBe(
      "2023-01-03T14:31:00Z → 2023-01-03T14:31:30Z\n",
    );
    expect((await session("advance", id, "--until", "2023-01-04T09:30:00-05:00")).stdout).toContain(
      "→ 2023-01-04T14:30:00Z\n",
    );
    expect((await session("advance", id, "--until", "2023-02-01T00:00:00Z")).stdout).toContain(
      "→ 2023-01-31T21:00:00Z, the end: the session is completed\n",
    );
    expect(await session("advance", id)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("simulation has completed"),
    });
  });

  it("plays, sets the speed and pauses", async () => {
    const id = await create();
    expect((await session("speed", id, "100")).stdout).toBe("Speed 100, paused at 2023-01-03T14:30:00Z\n");
    expect((await session("play", id)).stdout).toBe("Playing at speed 100 from 2023-01-03T14:30:00Z\n");
    expect(await sessionJson("show", id)).toMatchObject({ playback_state: "playing", playback_speed: 100 });
    expect((await session("pause", id)).stdout).toMatch(/^Paused at 2023-01-03T14:3\d:/);
    expect(await sessionJson("show", id)).toMatchObject({ playback_state: "paused" });
  });

  it("takes the beginning of an id or a name, as long as one session is meant", async () => {
    const id = await create("--name", "twins");
    expect(await sessionJson("show", id.slice(0, 12).toUpperCase())).toMatchObject({ id });
    await create("--name", "twins");
    const { code, stderr } = await session("show", "twins");
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(id) });
  });

  it("shows how the accounts of a session have done, and the whole reports as JSON", async () => {
    const id = await create("--option", "seed=1");
    expect(await sessionJson("show", id)).toMatchObject({ id, reports: [] });
    const client = createClient(server.url);
    for (const qty of [10, 20]) {
      const account = field((await client.request("POST", "/v1/accounts", {}, id)).body, "id");
      const orders = `/v1/trading/accounts/${account}/orders`;
      await client.request("POST", orders, { symbol: "AAPL", side: "buy", qty }, id);
    }
    await session("advance", id, "--until", "2023-01-06T21:00:00Z");
    const { stdout } = await session("show", id);
    const [head, first, second] = stdout.trimEnd().split("\n").slice(-3);
    expect(head).toMatch(/^ACCOUNT +RETURN +A YEAR +VOLATILITY +SHARPE +DRAWDOWN +TRADES +WON +FEES$/);
    expect(first).toMatch(/^PA000000001 +-?\d+\.\d\d % +– +– +– +-?\d+\.\d\d % +0 +– +0\.00$/);
    expect(second).toMatch(/^PA000000002 /);
    expect(await sessionJson("show", id)).toMatchObject({
      id,
      reports: [
        { period: { sessions: 4 }, trades: { open_trades: 1 } },
        { period: { sessions: 4 }, assumptions: { seed: 1 } },
      ],
    });
  });

  it("deletes a session for good", async () => {
    const id = await create();
    expect(await session("delete", id)).toMatchObject({ code: 0, stdout: `Session ${id} was deleted.\n` });
    for (const verb of ["show", "delete", "play"]) expect(await session(verb, id)).toMatchObject({ code: 5 });
    expect(await session("show", "nobody's")).toMatchObject({
      code: 5,
      stderr: expect.stringContaining("session list"),
    });
  });
});

describe("a session command that fails", () => {
  it("repeats the server's refusal, with its status and code for scripts", async () => {
    const { code, stdout, stderr } = await session(
      "create",
      "--start",
      "2023-01-03T14:30:00",
      "--end",
      "2023-01-31T21:00:00Z",
      "--json",
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "server_refused", message: expect.stringContaining("startTime"), status: 400, refusal: 40010000 },
    });
    expect(await session("create", ...SPAN, "--option", "quoteBasis=next")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("not supported yet"),
    });
  });

  it("names the key that the server does not know", async () => {
    const { code, stderr } = await place.run(["session", "list", "--url", server.url], {
      APCA_API_KEY_ID: "a",
      APCA_API_SECRET_KEY: "b",
    });
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("APCA_API_KEY_ID and APCA_API_SECRET_KEY"),
    });
  });

  it("says how to start a server where there is none, and ends with 4", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => {
      free.listen(0, "127.0.0.1", resolve);
    });
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => {
      free.close(resolve);
    });
    const { code, stderr } = await place.run(["session", "list"], { TAPEDECK_URL: `http://127.0.0.1:${port}` });
    expect(code).toBe(4);
    expect(stderr).toMatch(
      new RegExp(`^tapedeck \\(server_unreachable\\): No server at http://127\\.0\\.0\\.1:${port} .*tapedeck serve`),
    );
  });

  it("says that something else answers, and ends with 4", async () => {
    const other = createServer((_request, response) => {
      response.end("<html>");
    });
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await place.run(["session", "list", "--url", `http://127.0.0.1:${port}`]);
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining("is not Tapedeck") });
    other.closeAllConnections();
    other.close();
  });
});
