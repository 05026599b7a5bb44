/** A disk that is full, read-only or fails at syncing: said in the answer, nothing half done, and well again when it is. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createClient, field, type Client } from "../support/http-client.ts";
import { startServer, type ServerProcess } from "../support/server-process.ts";
import { drawer } from "./draw.ts";
import { NO_LIBRARY, needsLibrary, openLossyDisk, type LossyDisk } from "./lossy-disk.ts";
import { SEED } from "./rounds.ts";
import { allFindings, createTrader } from "./trader.ts";
import { placeOrder, viewOf, type Desk } from "./two-sessions.ts";

const ROUNDS = 6;

/** What a server says of a disk that does not take what it wants to write. */
const NAMED = /journal_unavailable|could not be (?:read or written|synced)/;

interface Fault {
  readonly name: string;
  readonly begin: (disk: LossyDisk) => void;
  readonly end: (disk: LossyDisk) => void;
}

const FULL: Fault = {
  name: "full",
  begin: (disk) => disk.set("room", 0),
  end: (disk) => disk.set("room", -1),
};
const NOT_SYNCING: Fault = {
  name: "failing at syncs",
  begin: (disk) => disk.set("failsSyncs", 1),
  end: (disk) => disk.set("failsSyncs", 0),
};
const READ_ONLY: Fault = {
  name: "read-only",
  begin: (disk) => disk.set("isReadOnly", 1),
  end: (disk) => disk.set("isReadOnly", 0),
};

const disks: LossyDisk[] = [];

afterEach(() => {
  for (const disk of disks.splice(0)) disk.remove();
});

function newDisk(): LossyDisk {
  const disk = openLossyDisk();
  disks.push(disk);
  return disk;
}

const serve = (disk: LossyDisk): Promise<ServerProcess> => startServer({ dataDir: disk.path, prefix: disk.prefix });

async function openDesk(client: Client): Promise<Desk> {
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  const session = field((await client.request("POST", "/v1/sessions", span)).body, "id");
  return { session, account: field((await client.request("POST", "/v1/accounts", {}, session)).body, "id") };
}

/** Traders at work, a fault now and then, each time a check of the running server, and a power cut at the end. */
async function tradeThrough(fault: Fault): Promise<void> {
  const disk = newDisk();
  const namesAsked = new Set<string>();
  const traders = [0, 1].map((index) => createTrader({ seed: SEED + index, namesAsked }));
  const draw = drawer(SEED);
  const server = await serve(disk);
  const options = { mayLoseClock: false, isRestarted: false, isThorough: true, namesAsked, mayAnswer: NAMED };
  for (let round = 1; round <= ROUNDS; round += 1) {
    let isOver = false;
    const trading = traders.map((trader) => trader.trade(server.url, () => isOver));
    await wait(100 + draw(100));
    fault.begin(disk);
    await wait(draw(150));
    fault.end(disk);
    await wait(draw(100));
    isOver = true;
    await Promise.all(trading);
    expect(await allFindings(server.url, traders, options), `round ${round}, SEED=${SEED}`).toEqual([]);
  }
  expect(disk.read("refusals")).toBeGreaterThan(0);
  fault.begin(disk);
  await server.end("SIGKILL");
  fault.end(disk);
  disk.cutPower();
  const revived = await serve(disk);
  const afterwards = { ...options, mayLoseClock: true, isRestarted: true };
  expect(await allFindings(revived.url, traders, afterwards), "after a power cut").toEqual([]);
  await revived.end("SIGTERM");
}

/**
 * A fault between two orders: the second is refused with words, leaves no trace, and goes through afterwards; or there
 * was space for it beforehand, and it is there like any other.
 */
async function refuseOne(fault: Fault): Promise<void> {
  const disk = newDisk();
  const server = await serve(disk);
  const client = createClient(server.url);
  const desks = [await openDesk(client), await openDesk(client)];
  for (const desk of desks) {
    await placeOrder(client, desk, { symbol: "AAPL", client_order_id: "first" });
    const before = await viewOf(client, desk);
    fault.begin(disk);
    const refusal = await placeOrder(client, desk, { symbol: "AAPL", client_order_id: "second" });
    const isTaken = fault === FULL && refusal.startsWith("201");
    if (!isTaken) {
      expect(refusal).toMatch(/^5\d\d .*journal/s);
      expect(refusal).not.toMatch(/\n\s+at /);
      expect(await viewOf(client, desk)).toBe(before);
    }
    fault.end(disk);
    const again = await placeOrder(client, desk, { symbol: "AAPL", client_order_id: "second" });
    expect(again).toMatch(isTaken ? /^422/ : /^201/);
    expect((await viewOf(client, desk)).split('"client_order_id":"second"')).toHaveLength(2);
  }
  const views = [];
  for (const desk of desks) views.push(await viewOf(client, desk));
  await server.end("SIGKILL");
  disk.cutPower();
  const revived = await serve(disk);
  for (const [index, desk] of desks.entries()) expect(await viewOf(createClient(revived.url), desk)).toBe(views[index]);
  await revived.end("SIGTERM");
}

/** A disk that becomes read-only under a server with its files open: what it answers with an error must not have happened. */
async function answerTruly(): Promise<void> {
  const disk = newDisk();
  const server = await serve(disk);
  const client = createClient(server.url);
  const desk = await openDesk(client);
  READ_ONLY.begin(disk);
  const answer = await placeOrder(client, desk, { symbol: "AAPL", client_order_id: "only" });
  READ_ONLY.end(disk);
  const isThere = (await viewOf(client, desk)).includes('"client_order_id":"only"');
  await server.end("SIGTERM");
  expect(isThere, answer).toBe(answer.startsWith("201"));
}

/** A start on a broken disk: refused with words that name the directory, and possible again afterwards. */
async function startOn(fault: Fault, isNew: boolean): Promise<void> {
  const disk = newDisk();
  if (!isNew) await (await serve(disk)).end("SIGTERM");
  const copy = `${disk.path}-before`;
  if (!isNew) cpSync(disk.path, copy, { recursive: true });
  fault.begin(disk);
  const refusal = await serve(disk).then(
    async (server) => `started: ${await server.end("SIGKILL")}`,
    (error: unknown) => String(error),
  );
  fault.end(disk);
  expect(refusal).toMatch(/journal_unavailable|bad_argument/);
  expect(refusal).toContain(disk.path);
  expect(refusal).not.toMatch(/\n\s+at /);
  if (!isNew) expect(existsSync(join(disk.path, "journal.db"))).toBe(existsSync(join(copy, "journal.db")));
  const server = await serve(disk);
  const client = createClient(server.url);
  expect(await placeOrder(client, await openDesk(client), { symbol: "AAPL" })).toMatch(/^201/);
  await server.end("SIGTERM");
}

interface Case {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const CASES: readonly Case[] = [
  { name: "full for one order: refused, named, and no trace of it", run: () => refuseOne(FULL) },
  { name: "failing at the sync of one order: refused, named, and no trace of it", run: () => refuseOne(NOT_SYNCING) },
  { name: "full now and then: nothing acknowledged is lost", run: () => tradeThrough(FULL) },
  { name: "failing at syncs now and then: nothing acknowledged is lost", run: () => tradeThrough(NOT_SYNCING) },
  { name: "full at the first start: refused and named", run: () => startOn(FULL, true) },
  { name: "full at a later start: refused and named", run: () => startOn(FULL, false) },
  { name: "read-only at the first start: refused and named", run: () => startOn(READ_ONLY, true) },
  { name: "read-only at a later start: refused and named", run: () => startOn(READ_ONLY, false) },
];

describe.skipIf(NO_LIBRARY !== undefined)(`a disk that is (SEED=${SEED})`, () => {
  it.each(CASES.map((each) => ({ ...each, name: needsLibrary(each.name) })))("$name", ({ run }) => run());

  it(
    needsLibrary("read-only for the file of pins alone: what is answered with an error has not happened"),
    answerTruly,
  );
});
