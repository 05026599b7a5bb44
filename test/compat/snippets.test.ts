/** The lines that the dashboard's Connect page gives: each is run as it stands, against a real server. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SNIPPETS, type Place, type SnippetName } from "../../dashboard/connect/snippets.ts";
import { openDesk } from "../support/api.ts";
import { FROM_OPEN, KEY, openLiveApi, SECRET, type LiveApi } from "../support/streams.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let api: LiveApi;
let place: Place;

beforeAll(async () => {
  api = await openLiveApi();
  const { account } = await openDesk(api, FROM_OPEN);
  place = { origin: `http://${api.host}`, account, id: KEY, secret: SECRET };
});
afterAll(() => api.close());

const textOf = (name: SnippetName): string => SNIPPETS[name].text(place);

/** The SDK has one name in a bot's folder, and one for each version here. */
async function runScript(text: string, version: string): Promise<string> {
  const script = text.replace('"@alpacahq/alpaca-trade-api"', `"alpaca-trade-api-${version}"`);
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT, timeout: 20_000 });
  return stdout;
}

it.each([
  ["js-4", "v4"],
  ["js-3", "v3"],
] as const)("%s prints the account", async (name, version) => {
  expect(await runScript(textOf(name), version)).toContain(place.account);
});

it("curl prints the account, and places an order", async () => {
  const { stdout } = await run("bash", ["-c", textOf("curl")], { timeout: 20_000 });
  expect(stdout).toContain(`"id":"${place.account}"`);
  expect(stdout).toMatch(/"status":"(new|accepted)"/);
});

it("the variables lead the SDKs there that read them", async () => {
  const script =
    'import Alpaca from "alpaca-trade-api-v3"; console.log((await new Alpaca().getAccount()).id);' +
    "console.log(await (await fetch(process.env.APCA_API_STREAM_URL + '/v2/clock', { headers: { 'APCA-API-KEY-ID': " +
    "process.env.APCA_API_KEY_ID, 'APCA-API-SECRET-KEY': process.env.APCA_API_SECRET_KEY } })).text());";
  const shell = `${textOf("variables")}\nexec "$NODE" --input-type=module -e "$SCRIPT"`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script };
  const { stdout } = await run("bash", ["-c", shell], { cwd: ROOT, env, timeout: 20_000 });
  expect(stdout).toContain(place.account);
  expect(stdout).toContain('"is_open":');
});
