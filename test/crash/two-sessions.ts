/** A data directory with two sessions: one that a fault hits, one that must not notice; and a look at both afterwards. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient, field, type Client } from "../support/http-client.ts";
import { startServer, type ServerProcess } from "../support/server-process.ts";

const BIN = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));

/** Stands in the client order ids of the session that is hit, and nowhere else. */
export const HURT_MARK = "hurt-order-early";
export const HURT_LATE_MARK = "hurt-order-late";

/** The same of the session that must not notice. */
export const WELL_MARK = "well-order-early";

/** A symbol with a file of bars of its own, which only the session that is hit uses. */
export const HURT_SYMBOL = "ZED";

export interface Desk {
  readonly session: string;
  readonly account: string;
}

export interface Templates {
  /** After an orderly stop. */
  readonly stopped: string;
  /** As `stopped`, then more orders, then kill -9. */
  readonly killed: string;
  readonly hurt: Desk;
  readonly well: Desk;
  /** What both sessions showed just before each end. */
  readonly views: Readonly<Record<"stopped" | "killed", Readonly<Record<"hurt" | "well", string>>>>;
}

export async function makeTemplates(base: string): Promise<Templates> {
  const work = join(base, "work");
  importBars(base, work);
  const first = await startServer({ dataDir: work });
  const client = createClient(first.url);
  const [hurt, well] = [await openDesk(client), await openDesk(client)];
  await trade(client, hurt, { mark: HURT_MARK, symbol: HURT_SYMBOL });
  await fillPages(client, hurt);
  await trade(client, well, { mark: WELL_MARK, symbol: "AAPL" });
  const stopped = { hurt: await viewOf(client, hurt), well: await viewOf(client, well) };
  await first.end("SIGTERM");
  cpSync(work, join(base, "stopped"), { recursive: true });
  const second = await startServer({ dataDir: work });
  const again = createClient(second.url);
  await trade(again, hurt, { mark: HURT_LATE_MARK, symbol: HURT_SYMBOL });
  await trade(again, well, { mark: "well-order-late", symbol: "AAPL" });
  const killed = { hurt: await viewOf(again, hurt), well: await viewOf(again, well) };
  await second.end("SIGKILL");
  return { stopped: join(base, "stopped"), killed: work, hurt, well, views: { stopped, killed } };
}

function importBars(base: string, dataDir: string): void {
  const minutes = Array.from(
    { length: 380 },
    (_, minute) => new Date(Date.parse("2023-01-03T14:30:00Z") + minute * 60_000),
  );
  const rows = minutes.map((start) => `${start.toISOString()},10,11,9,10.5,100000`);
  mkdirSync(dataDir, { mode: 0o700 });
  const file = join(base, "bars.csv");
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${rows.join("\n")}\n`);
  const args = [BIN, "data", "import", file, "--symbol", HURT_SYMBOL, "--data-dir", dataDir];
  const imported = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (imported.status !== 0) throw new Error(`the bars could not be imported:\n${imported.stderr}`);
}

async function openDesk(client: Client): Promise<Desk> {
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  const session = field((await client.request("POST", "/v1/sessions", span)).body, "id");
  return { session, account: field((await client.request("POST", "/v1/accounts", {}, session)).body, "id") };
}

/** A position, resting orders, and a clock that is beyond the last entry. */
async function trade(client: Client, desk: Desk, what: { mark: string; symbol: string }): Promise<void> {
  const advance = (): Promise<unknown> =>
    client.request("POST", `/v1/sessions/${desk.session}/time/advance`, { duration: 2 });
  await placeOrder(client, desk, { client_order_id: `${what.mark}-0`, symbol: what.symbol });
  await advance();
  for (let count = 1; count <= 8; count += 1) {
    const id = `${what.mark}-${count}`;
    await placeOrder(client, desk, { client_order_id: id, symbol: what.symbol, type: "limit", limit_price: 2 });
  }
  await advance();
}

/** So many orders in a row that pages of the database have nothing but them. */
async function fillPages(client: Client, desk: Desk): Promise<void> {
  for (let count = 1; count <= 60; count += 1) {
    const id = `${HURT_MARK}-page-${count}`;
    await placeOrder(client, desk, { client_order_id: id, symbol: HURT_SYMBOL, type: "limit", limit_price: 2 });
  }
}

export async function placeOrder(client: Client, desk: Desk, body: object): Promise<string> {
  const order = { side: "buy", qty: 1, type: "market", time_in_force: "gtc", ...body };
  const path = `/v1/trading/accounts/${desk.account}/orders`;
  const answer = await client.request("POST", path, order, desk.session);
  return `${answer.status} ${JSON.stringify(answer.body)}`;
}

/** Orders, account and positions, a line each; answers that are not 200 as they are. */
export async function viewOf(client: Client, desk: Desk): Promise<string> {
  const base = `/v1/trading/accounts/${desk.account}`;
  const paths = [`${base}/orders?status=all&limit=500`, `${base}/account`, `${base}/positions`];
  const answers = [];
  for (const path of paths) answers.push(await client.request("GET", path, undefined, desk.session));
  return answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`).join("\n");
}

/** What a server made of a damaged directory. */
export interface Verdict {
  /**
   * refused: it did not start; intact: both sessions are as they were; contained: the one that was hit says so and the
   * other is as it was; silent: one has changed and nothing says so; spread: the other one is hit as well.
   */
  readonly kind: "refused" | "intact" | "contained" | "silent" | "spread";
  /** Everything that was said: at the start, and by the session that was hit. */
  readonly words: string;
}

/** What must be as it was: all that a session shows, or a part of it. */
export interface Expected {
  readonly templates: Templates;
  readonly views: Readonly<Record<"hurt" | "well", string>>;
  readonly part: (view: string) => string;
}

export async function judge(dataDir: string, { templates, views, part }: Expected): Promise<Verdict> {
  let server: ServerProcess;
  try {
    server = await startServer({ dataDir });
  } catch (error) {
    return { kind: "refused", words: String(error) };
  }
  const client = createClient(server.url);
  const hurt = await viewOf(client, templates.hurt);
  const { status, body } = await client.request("GET", `/v1/sessions/${templates.hurt.session}`);
  const said = [`${status} ${JSON.stringify(body)}`, hurt];
  // Asked for last, so that a fault that the session only meets when it is used has been met.
  said.push(await placeOrder(client, templates.hurt, { symbol: HURT_SYMBOL, client_order_id: "afterwards" }));
  const isAsBefore = part(hurt) === part(views.hurt) && (said[2] ?? "").startsWith("2");
  const hasSaidSo =
    status !== 200 || field(body, "status") === "failed" || /^[45]/m.test(hurt) || /^[45]/.test(said[2] ?? "");
  const isWell =
    part(await viewOf(client, templates.well)) === part(views.well) && (await isWorking(client, templates.well));
  const words = [server.output(), ...said, await settled(client)].join("\n");
  await server.end("SIGKILL");
  if (!isWell) return { kind: "spread", words };
  if (isAsBefore) return { kind: "intact", words };
  return { kind: hasSaidSo ? "contained" : "silent", words };
}

async function isWorking(client: Client, desk: Desk): Promise<boolean> {
  return (await placeOrder(client, desk, { symbol: "AAPL", client_order_id: "afterwards" })).startsWith("201");
}

/** The list must not be hit in any case. */
async function settled(client: Client): Promise<string> {
  const { status, body } = await client.request("GET", "/v1/sessions");
  return status === 200 ? "" : `the list is hit as well: ${status} ${JSON.stringify(body)}`;
}
