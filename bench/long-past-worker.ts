/** One step of the benchmark of long pasts in a process of its own, which ends as a crash does: prints JSON. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { accountFigures } from "#dist/engine/index.js";
import { isRefusal, type Refusal } from "#dist/kernel/index.js";
import { openLocalJournal } from "#dist/journal/index.js";
import { openMarket } from "#dist/market/index.js";
import { openRegistry, type Journal, type SessionHandle, type SessionRegistry } from "#dist/sessions/index.js";
import { grouped, LIMIT, makeLongSession, OWNER, RESTER } from "./long-session.js";
import { median } from "./measure.js";

export interface Opening {
  readonly ms: number;
  /** Of what a client mostly does first, in milliseconds each. */
  readonly first: Readonly<Record<string, number>>;
}

export interface Verifying {
  readonly verifyMs: number;
  readonly bareMs: number;
}

export interface Forking {
  readonly longMs: number;
  readonly shortMs: number;
}

const FORKS = 31;
const PAGE_ENTRIES = 1000;

const [kind, dataDir = "", ...args] = process.argv.slice(2);

/** Sessions of so many commands; their ids. */
async function build(): Promise<readonly string[]> {
  const registry = await openAll(grouped(openLocalJournal({ directory: dataDir })));
  const ids: string[] = [];
  for (const commands of args) ids.push(await makeLongSession(registry, Number(commands)));
  return ids;
}

async function openAll(journal: Journal): Promise<SessionRegistry> {
  return openRegistry({ journal, market: await openMarket({ dataDir }) });
}

async function find(registry: SessionRegistry, id = ""): Promise<SessionHandle> {
  const session = await registry.find(OWNER, id);
  if (session === undefined) throw new Error(`${id} is not there`);
  return session;
}

const must = <T>(value: T | Refusal): T => {
  if (isRefusal(value)) throw new Error(value.message);
  return value;
};

/** From the files to the answer to a first question. The order that follows is what a crash leaves to the next opening. */
async function open(): Promise<Opening> {
  const [id, has] = args;
  const market = await openMarket({ dataDir });
  const start = performance.now();
  const journal = openLocalJournal({ directory: dataDir });
  const registry = await openRegistry({ journal: has === "with" ? journal : unaided(journal), market });
  const session = await find(registry, id);
  const equityOf = (): Promise<unknown> =>
    session.read([], ({ state, market: known }) =>
      state.accounts.map((each) => accountFigures(state, each, known).equity),
    );
  must(await equityOf());
  const ms = performance.now() - start;
  const order = async (): Promise<unknown> =>
    must(await session.execute({ kind: "submit_order", account: RESTER, terms: LIMIT }));
  const first: Record<string, number> = {};
  const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const from = performance.now();
    must(await work());
    first[name] = performance.now() - from;
  };
  await timed("order", order);
  if (has !== "with") return { ms, first };
  const resting = must(await session.read([], ({ state }) => [...(state.accounts[RESTER - 1]?.openOrders ?? [])]));
  const [oldest = 0] = resting;
  await timed("cancel", () => session.execute({ kind: "cancel_order", account: RESTER, order: oldest }));
  await timed("order from the middle", () =>
    session.read([], ({ state }) => state.orders.get(state.orders.length >> 1)),
  );
  await timed("last 500 orders", () =>
    session.read([], ({ state }) => {
      let count = 0;
      for (const each of state.orders.newestFirst()) if (each.status !== "held" && (count += 1) === 500) break;
      return count;
    }),
  );
  await timed("order at rest", order);
  return { ms, first };
}

/** A journal without snapshots. */
const unaided = (journal: Journal): Journal => ({
  ...journal,
  snapshots: (id) => ({ ...journal.snapshots(id), find: () => undefined }),
});

/** A proof, and no more than reading and parsing what it is made of. */
async function verify(): Promise<Verifying> {
  const [id = ""] = args;
  const registry = await openAll(openLocalJournal({ directory: dataDir }));
  const session = await find(registry, id);
  // Before and after: a machine's pace changes within so many seconds.
  const before = readBare(id);
  const verifyFrom = performance.now();
  const { isProven, entries, first } = must(await registry.proof.verify(session));
  const verifyMs = performance.now() - verifyFrom;
  const after = readBare(id);
  if (!isProven || entries !== before.entries) throw new Error(`${entries} entries: ${JSON.stringify(first)}`);
  const bareMs = (before.ms + after.ms) / 2;
  return { verifyMs, bareMs };
}

function readBare(id: string): { readonly ms: number; readonly entries: number } {
  const start = performance.now();
  const database = new Database(join(dataDir, "journal.db"), { readonly: true });
  const head = database.prepare("SELECT branch, last_seq FROM sessions WHERE id = ?").get(id);
  const { branch, last_seq: lastSeq } = head as { readonly branch: number; readonly last_seq: number };
  const page = database.prepare("SELECT payload FROM entries WHERE branch = ? AND seq > ? ORDER BY seq LIMIT ?");
  let seq = 0;
  while (seq < lastSeq) {
    for (const { payload } of page.all(branch, seq, PAGE_ENTRIES) as { readonly payload: string }[]) {
      ({ seq } = JSON.parse(payload) as { readonly seq: number });
    }
  }
  database.close();
  return { ms: performance.now() - start, entries: seq };
}

/** Of a long session and of a short one, each at its middle, alternating. */
async function fork(): Promise<Forking> {
  const registry = await openAll(openLocalJournal({ directory: dataDir }));
  const times: number[][] = [];
  for (let run = 0; run < FORKS; run += 1) {
    const pair: number[] = [];
    for (const id of args) pair.push(await forkMs(registry, id));
    times.push(pair);
  }
  const medianOf = (index: number): number => median(times.map((each) => each[index] ?? 0));
  return { longMs: medianOf(0), shortMs: medianOf(1) };
}

async function forkMs(registry: SessionRegistry, id: string): Promise<number> {
  const { lastSeq } = must(await (await find(registry, id)).describe());
  const spec = { moment: { seq: lastSeq >> 1 }, name: undefined, configure: undefined, deposit: undefined };
  const start = performance.now();
  const forked = await registry.fork(OWNER, id, spec);
  const ms = performance.now() - start;
  if (forked === undefined) throw new Error(`${id} is not there`);
  await registry.delete(OWNER, must(forked).id);
  return ms;
}

const steps: Readonly<Record<string, () => Promise<unknown>>> = { build, open, verify, fork };
writeSync(1, JSON.stringify(await steps[kind ?? ""]?.()));
process.kill(process.pid, "SIGKILL");
