/** Holds a client's record against a server: everything that was forgotten, doubled, changed, or does not add up. */
import type { Client } from "../support/http-client.ts";
import { bookFindings } from "./book-findings.ts";
import { goBack, type AccountFact, type OrderFact, type OrderJson, type World } from "./record.ts";

export interface CheckOptions {
  /** After a power cut the clock may be back at the last time that must have been on disk. */
  readonly mayLoseClock: boolean;
  /** Playback does not go on by itself when a server starts again. */
  readonly isRestarted: boolean;
  /** Answers of 500 and more that are no finding, because a disk was broken meanwhile. */
  readonly mayAnswer?: RegExp;
}

interface SessionJson {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly current_time: string;
  readonly playback_state: string;
  readonly playback_speed: number;
  /** What a rewind keeps of the future that it abandons is a session that nobody asked for by name. */
  readonly parent_id?: string | null;
}

/** Of one session. The record then goes on from where the server is. */
export async function worldFindings(client: Client, world: World, options: CheckOptions): Promise<readonly string[]> {
  // Where the server has gone on, playback is stopped, so that all that is read is of one moment.
  const path = `/v1/sessions/${world.session}`;
  if (!options.isRestarted) await client.request("POST", `${path}/time/pause`);
  const answer = await client.request("GET", path);
  const where = `session ${world.name} (${world.session})`;
  if (answer.status !== 200) return [`${where} is lost: ${answer.status} ${JSON.stringify(answer.body)}`];
  const told = answer.body as SessionJson;
  const now = Date.parse(told.current_time);
  if (world.rewindAsked !== undefined && now === world.rewindAsked) goBack(world, now);
  world.rewindAsked = undefined;
  const findings = [
    ...world.surprises.splice(0),
    ...clockFindings(world, told, options),
    ...(await accountsFindings(client, world)),
  ];
  for (const account of world.accounts.values()) {
    const orders = await allOrders(client, world, account);
    if (orders === undefined) continue;
    findings.push(...orderFindings(world, account, orders));
    findings.push(...(await bookFindings(client, { session: world.session, account, orders })));
  }
  world.clock = now;
  world.speeds.clear();
  world.speeds.add(told.playback_speed);
  return findings.map((finding) => `${where}: ${finding}`);
}

function clockFindings(world: World, told: SessionJson, options: CheckOptions): readonly string[] {
  const findings: string[] = [];
  const least = options.mayLoseClock ? world.synced : world.clock;
  if (Date.parse(told.current_time) < least)
    findings.push(`the clock is ${told.current_time}, acknowledged was ${new Date(least).toISOString()}`);
  if (!["active", "completed"].includes(told.status)) findings.push(`it is ${told.status}`);
  if (options.isRestarted && told.playback_state !== "paused") findings.push(`it is ${told.playback_state}`);
  if (!world.speeds.has(told.playback_speed))
    findings.push(`its speed is ${told.playback_speed}, asked for was ${[...world.speeds].join(" or ")}`);
  return findings;
}

async function accountsFindings(client: Client, world: World): Promise<readonly string[]> {
  const { status, body } = await client.request("GET", "/v1/accounts", undefined, world.session);
  if (status !== 200) return [`its accounts cannot be read: ${status} ${JSON.stringify(body)}`];
  const accounts = body as readonly { readonly id: string }[];
  const findings: string[] = [];
  for (const { id, number } of world.accounts.values()) {
    const times = accounts.filter((account) => account.id === id).length;
    if (times !== 1) findings.push(`account ${number} is there ${times} times`);
  }
  if (accounts.length > world.accountsAsked)
    findings.push(`it has ${accounts.length} accounts, asked for were ${world.accountsAsked}`);
  return findings;
}

const PAGE = 500;

/** Undefined where the account is gone, which is a finding by itself. */
async function allOrders(
  client: Client,
  world: World,
  account: AccountFact,
): Promise<readonly OrderJson[] | undefined> {
  const all: OrderJson[] = [];
  for (let until = ""; ;) {
    const query = `?status=all&limit=${PAGE}${until === "" ? "" : `&until=${encodeURIComponent(until)}`}`;
    const path = `/v1/trading/accounts/${account.id}/orders${query}`;
    const { status, body } = await client.request("GET", path, undefined, world.session);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`orders of ${world.name} cannot be read: ${status} ${JSON.stringify(body)}`);
    const page = body as readonly OrderJson[];
    all.push(...page);
    if (page.length < PAGE) return all;
    until = page.at(-1)?.created_at ?? "";
  }
}

function orderFindings(world: World, account: AccountFact, orders: readonly OrderJson[]): readonly string[] {
  const findings: string[] = [];
  const found = new Map<string, OrderJson>();
  for (const order of orders) {
    const id = order.client_order_id;
    if (found.has(id)) findings.push(`order ${id} is there twice`);
    found.set(id, order);
    findings.push(...unaskedFindings(world, order));
  }
  for (const [id, fact] of world.orders) {
    if (fact.account !== account.number) continue;
    const order = found.get(id);
    if (order === undefined) findings.push(`order ${id} is lost`);
    else findings.push(...changedFindings(fact, order, found));
  }
  return findings;
}

/** What nobody ever asked for must not have happened. */
function unaskedFindings(world: World, order: OrderJson): readonly string[] {
  const id = order.client_order_id;
  const findings: string[] = [];
  if (!world.ordersAsked.has(id)) findings.push(`order ${id} was never asked for`);
  if (world.ordersGone.has(id)) findings.push(`order ${id} was taken back and is there`);
  if (order.status === "canceled" && !world.cancelsAsked.has(id)) findings.push(`nobody canceled order ${id}`);
  if (order.status === "replaced" && !world.replacesAsked.has(id)) findings.push(`nobody replaced order ${id}`);
  return findings;
}

/** What was acknowledged must be so. */
function changedFindings(fact: OrderFact, order: OrderJson, all: ReadonlyMap<string, OrderJson>): readonly string[] {
  const id = order.client_order_id;
  const findings: string[] = [];
  const pairs = [
    ["id", fact.id ?? order.id, order.id],
    ["time", fact.createdAt, Date.parse(order.created_at)],
    ["symbol", fact.symbol, order.symbol],
    ["side", fact.side, order.side],
    ["qty", fact.qty, order.qty],
    ["limit price", fact.limitPrice, order.limit_price],
  ] as const;
  for (const [what, was, is] of pairs) if (was !== is) findings.push(`the ${what} of order ${id} was ${was}, is ${is}`);
  if (fact.canceledAt !== undefined && order.status !== "canceled") findings.push(`the cancel of ${id} is lost`);
  if (fact.replacedAt !== undefined && order.status !== "replaced") findings.push(`the replacement of ${id} is lost`);
  if (fact.replacedBy !== undefined && all.get(fact.replacedBy)?.id !== order.replaced_by)
    findings.push(`order ${id} is not replaced by ${fact.replacedBy}`);
  if (Number(order.filled_qty) < fact.filledQty) findings.push(`a fill of ${id} is lost`);
  return findings;
}

/** Of the list of sessions: each that is known is there once, and each that is there was asked for. */
export async function listFindings(
  client: Client,
  known: ReadonlyMap<string, string>,
  namesAsked: ReadonlySet<string>,
): Promise<readonly string[]> {
  const findings: string[] = [];
  const times = new Map<string, number>();
  for (const { id, name, parent_id: parent = null } of await allSessions(client)) {
    times.set(id, (times.get(id) ?? 0) + 1);
    if (!namesAsked.has(name) && parent === null) findings.push(`session ${id} "${name}" was never asked for`);
  }
  for (const [id, name] of known) {
    const count = times.get(id) ?? 0;
    if (count !== 1) findings.push(`session ${name} (${id}) is in the list ${count} times`);
  }
  return findings;
}

async function allSessions(client: Client): Promise<readonly SessionJson[]> {
  const all: SessionJson[] = [];
  for (let next: string | undefined = "/v1/sessions?limit=100"; next !== undefined;) {
    const { status, body, next: after } = await client.request("GET", next);
    if (status !== 200) throw new Error(`sessions cannot be listed: ${status} ${JSON.stringify(body)}`);
    all.push(...(body as readonly SessionJson[]));
    next = after;
  }
  return all;
}
