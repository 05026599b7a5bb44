/** `tapedeck session replay`, `diff`, `verify`, `export` and `import` against a running server. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient, field } from "../support/http-client.ts";
import { createPlace, serve, type Outcome, type Place, type Running } from "./run-cli.ts";

let place: Place;
let server: Running & { readonly url: string };
let id: string;

const session = (...words: readonly string[]): Promise<Outcome> =>
  place.run(["session", ...words, "--url", server.url]);
const sessionJson = (...words: readonly string[]): Promise<unknown> =>
  place.runJson(["session", ...words, "--url", server.url]);

beforeAll(async () => {
  place = createPlace();
  server = await serve(place);
  const span = ["--start", "2023-01-03T14:30:00Z", "--end", "2023-01-31T21:00:00Z"];
  id = field(await sessionJson("create", ...span, "--name", "proof"), "id");
  const client = createClient(server.url);
  const account = field((await client.request("POST", "/v1/accounts", {}, id)).body, "id");
  for (const side of ["buy", "sell"]) {
    await client.request("POST", `/v1/trading/accounts/${account}/orders`, { symbol: "AAPL", side, qty: 10 }, id);
    await session("advance", id, "--minutes", "400");
  }
});
afterAll(async () => {
  server.kill("SIGTERM");
  await server.outcome;
  place.clear();
});

it("replays a session under the same options and under others", async () => {
  const same = await session("replay", "proof");
  expect([same.code, same.stderr]).toEqual([0, ""]);
  expect(same.stdout).toMatch(/^The same: \d+ events of \d+ commands\.\n/);
  expect(same.stdout).toMatch(/EQUITY +PROFIT +RETURN +ORDERS +FILLS +TRADED +FEES/);
  expect(same.stdout).toMatch(/^AAPL +2022-12-30 +2023-01-\d\d .* as used$/m);
  const other = await session("replay", id, "--option", "fees=none");
  expect(other.stdout).toMatch(
    /^The first difference is in entry \d+ \(advance\), event \d+:\n  was: \{"kind":"order_filled"/,
  );
  expect(other.stdout).toContain("  fees: us_equity → none");
  expect(await sessionJson("replay", id, "--profile", "ideal")).toMatchObject({ session_id: id, same: false });
  expect(await session("replay", id, "--option", "fees=many")).toMatchObject({ code: 3 });
  expect(await session("replay", "nobody")).toMatchObject({ code: 5 });
});

it("replays a session under the bars of another data directory, and leaves nothing of it", async () => {
  const rows = ["30,10,11,9,10.5,100000", "31,10,11,9,10.5,100000", "32,10,11,9,10.5,100000"];
  const bars = rows.map((row) => `2023-01-03T14:${row.slice(0, 2)}:00Z${row.slice(2)}`);
  writeFileSync(join(place.path, "other.csv"), `timestamp,open,high,low,close,volume\n${bars.join("\n")}\n`);
  const other = join(place.path, "other");
  await place.runJson(["data", "import", "other.csv", "--symbol", "AAPL", "--data-dir", other]);
  const report = await sessionJson("replay", id, "--data", other, "--no-sample");
  expect(report).toMatchObject({ session_id: id, same: false, first_difference: { command: "submit_order" } });
  // The sample's bars are the same everywhere.
  const empty = join(place.path, "empty");
  await place.runJson(["keys", "create", "--data-dir", empty]);
  expect(await sessionJson("replay", id, "--data", empty)).toMatchObject({ session_id: id, same: true });
  expect(readdirSync(other).toSorted()).toEqual(["market", "tapedeck.json"]);
  expect((await sessionJson("list")) as object[]).toHaveLength(1);
  const refused = await session("replay", id, "--data", join(place.path, "nowhere"));
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/--data: .* is no data directory/);
});

it("verifies a session", async () => {
  const { code, stdout } = await session("verify", id);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Proven\.\n\n +journal_seq +\d+\n +journal_hash +[0-9a-f]{64}\n +chain +holds\n/);
  expect(await sessionJson("verify", id)).toMatchObject({ verified: true });
});

it("carries a session through a file, which verifies to the same hash", async () => {
  const path = join(place.path, "proof.tapedeck");
  const written = await session("export", "proof", "--output", path);
  expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining(`was written to ${path}`) });
  expect(await session("export", "proof", "--output", path)).toMatchObject({ code: 2 });
  expect(await session("export", "proof", "--output", path, "--force")).toMatchObject({ code: 0 });
  const taken = (await sessionJson("import", path)) as { readonly session: Record<string, string> };
  const was = (await sessionJson("show", id)) as Record<string, string>;
  expect(taken.session["id"]).not.toBe(id);
  expect(taken.session["journal_hash"]).toBe(was["journal_hash"]);
  expect(await sessionJson("verify", taken.session["id"] ?? "")).toMatchObject({
    verified: true,
    journal_hash: was["journal_hash"],
  });
  expect((await session("diff", id, taken.session["id"] ?? "")).stdout).toMatch(/^The same: \d+ commands in common/);
  const bytes = readFileSync(path);
  bytes[200] = (bytes[200] ?? 0) ^ 4;
  writeFileSync(path, bytes);
  const refused = await session("import", path);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("the session file is refused")]);
  expect(await session("import", join(place.path, "none"))).toMatchObject({ code: 2 });
  expect(statSync(path).size).toBe(bytes.length);
});

it("finds where two sessions part, and writes no file of one that is not there", async () => {
  const copy = join(place.path, "copy.tapedeck");
  await session("export", id, "--output", copy);
  const { session: twin } = (await sessionJson("import", copy)) as { readonly session: { readonly id: string } };
  await session("advance", twin.id, "--until", "2023-01-31T21:00:00Z");
  const { stdout } = await session("diff", id, twin.id);
  expect(stdout).toMatch(
    /The first event that differs:\n  a: nothing more\n  b: entry \d+, advance: \{"kind":"session_completed"/,
  );
  const missing = join(place.path, "missing.tapedeck");
  expect(await session("export", "nobody", "--output", missing)).toMatchObject({ code: 5 });
  expect(existsSync(missing)).toBe(false);
});
