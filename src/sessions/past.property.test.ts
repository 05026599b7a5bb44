import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, limitBuy, marketBuy, OWNER, time } from "../../test/support/sessions.ts";
import { checkState, defaultConfig, type Command, type OrderTerms, type State } from "../engine/index.ts";
import { openLocalJournal } from "../journal/index.ts";
import { cash, instant, isRefusal, SCALE, type Instant, type Refusal } from "../kernel/index.ts";
import { openMarket, type Market } from "../market/index.ts";
import { fileOf, takeFile } from "./proof/proof-fixture.ts";
import { openRegistry, type Journal, type SessionHandle, type SessionRegistry } from "./index.ts";

const START = time("2023-01-03T14:30:00Z");
const MINUTE = 60_000;

let dataDir: string;
let market: Market;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tapedeck-past-"));
  market = await openMarket({ dataDir });
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** A command at a minute after the start; most are advances to the next one. */
interface Step {
  readonly at: Instant;
  readonly command: Command;
}

const limit = (terms: OrderTerms, changes: Partial<OrderTerms>): OrderTerms => ({ ...terms, ...changes });

const terms = fc.oneof(
  fc
    .record({ symbol: fc.constantFrom("AAPL", "MSFT"), qty: fc.bigInt(1n, 50n), key: fc.option(fc.uuid()) })
    .map(({ symbol, qty, key }) => limit(marketBuy(symbol, qty), { clientOrderId: key ?? undefined })),
  fc
    .record({ symbol: fc.constantFrom("AAPL", "SPY"), qty: fc.bigInt(1n, 50n) })
    .map(({ symbol, qty }) => limit(marketBuy(symbol, qty), { side: "sell", timeInForce: "day" })),
  fc
    .record({ dollars: fc.bigInt(100n, 140n), qty: fc.bigInt(1n, 20n) })
    .map(({ dollars, qty }) => limitBuy("AAPL", qty, dollars)),
);

const account = fc.constantFrom(1, 2);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("submit_order" as const), account, terms }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel_all_orders" as const), account }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("cancel_order" as const),
      account,
      order: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("transfer_cash" as const),
      account,
      netAmount: fc.bigInt(-500n, 5000n).map((dollars) => cash(dollars * SCALE)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "set_speed" as const, speed: 5 }) },
);

/** In the order of time; gaps of minutes, hours and nights. */
const plan: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.record({ gap: fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 3, max: 1500 })), command }), {
    minLength: 4,
    maxLength: 25,
  })
  .map((steps) => {
    let at: number = START;
    return steps.map(({ gap, command: each }) => ({ at: instant((at += gap * MINUTE)), command: each }));
  });

/** Plain values, so that two states can be held against one another. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return [...value].map(([key, each]) => [key, plain(each)]);
  if (typeof value !== "object" || value === null) return value;
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

async function dump(session: SessionHandle | Refusal | undefined): Promise<unknown> {
  if (session === undefined || isRefusal(session)) throw new Error(session?.message ?? "no session");
  const seen = await session.read([], ({ state }) => {
    checkState(state);
    const keys = state.accounts.map(({ clientOrderIds }) =>
      [...state.orders].map(({ clientOrderId }) => clientOrderId && clientOrderIds.get(clientOrderId)),
    );
    return { state: plain({ ...state, accounts: state.accounts.map(withoutKeys) }), keys };
  });
  if (isRefusal(seen)) throw new Error(seen.message);
  return seen;
}

const withoutKeys = ({ clientOrderIds: _keys, ...rest }: State["accounts"][number]): object => rest;

async function create(registry: SessionRegistry): Promise<SessionHandle> {
  const session = await registry.create(OWNER, {
    name: "law",
    startTime: START,
    endTime: time("2023-03-31T20:00:00Z"),
    initialCash: cash(100_000n * SCALE),
    config: defaultConfig("conservative"),
  });
  if (isRefusal(session)) throw new Error(session.message);
  for (let count = 0; count < 2; count += 1) {
    done(await session.execute({ kind: "open_account", initialCash: undefined, profile: "{}" }));
  }
  return session;
}

/** Refusals are part of a plan: the same ones are refused in the same state. */
async function run(session: SessionHandle, steps: readonly Step[], until = Infinity): Promise<void> {
  for (const { at, command: each } of steps) {
    if (at > until) break;
    done(await session.execute({ kind: "advance", until: at }));
    await session.execute(each);
  }
  if (until !== Infinity) done(await session.execute({ kind: "advance", until: instant(until) }));
}

interface Desk {
  readonly journal: Journal;
  readonly registry: SessionRegistry;
  readonly session: SessionHandle;
}

/** On disk, with snapshots every few events. */
async function withDesk(work: (desk: Desk, open: () => Promise<SessionRegistry>) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tapedeck-law-"));
  let journal = openLocalJournal({ directory });
  const open = (): Promise<SessionRegistry> => openRegistry({ journal, market, eventsPerSnapshot: 5 });
  let registry = await open();
  try {
    const session = await create(registry);
    await work({ journal, registry, session }, async () => {
      await registry.close();
      journal = openLocalJournal({ directory });
      registry = await open();
      return registry;
    });
  } finally {
    await registry.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const RUNS = Number(process.env["TAPEDECK_PAST_RUNS"] ?? 25);
const law = (check: (steps: readonly Step[], at: Instant) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(plan, fc.double({ min: 0, max: 1, noNaN: true }), async (steps, share) => {
      const end = steps.at(-1)?.at ?? START;
      await check(steps, instant(START + Math.floor(((end - START) * share) / 500) * 500));
    }),
    { numRuns: RUNS },
  );

describe("the past of a session", () => {
  it("is at every time what it was for a session that stopped there, and after a restart", () =>
    law((steps, at) =>
      withDesk(async ({ session, registry }, reopen) => {
        const stopped = await create(registry);
        await run(session, steps);
        await run(stopped, steps, at);
        const wanted = await dump(stopped);
        expect(await dump(await session.at({ at }))).toEqual(wanted);
        const after = await dump(session);
        const again = await (await reopen()).find(OWNER, session.id);
        expect(await dump(again)).toEqual(after);
        const past = again === undefined ? again : await again.at({ at });
        expect(await dump(past)).toEqual(wanted);
      }),
    ));

  it("is shared by a fork, which goes on as the session did", () =>
    law((steps, at) =>
      withDesk(async ({ session, registry, journal }, reopen) => {
        await run(session, steps);
        const [before, head] = [await dump(session), (await journal.find(session.id))?.lastHash];
        const fork = await registry.fork(OWNER, session.id, { ...SAME, moment: { at } });
        if (fork === undefined || isRefusal(fork)) throw new Error("no fork");
        expect(await dump(fork)).toEqual(await dump(await session.at({ at })));
        await run(
          fork,
          steps.filter((step) => step.at > at),
        );
        expect(await dump(fork)).toEqual(before);
        expect(await dump(session)).toEqual(before);
        expect((await journal.find(session.id))?.lastHash).toBe(head);
        const twin = await registry.fork(OWNER, session.id, { ...SAME, moment: undefined });
        if (twin === undefined || isRefusal(twin)) throw new Error("no fork");
        expect((await journal.find(twin.id))?.lastHash).toBe(head);
        expect(await registry.delete(OWNER, session.id)).toBe(true);
        expect(await dump(fork)).toEqual(before);
        const again = await reopen();
        expect(await dump(await again.find(OWNER, fork.id))).toEqual(before);
        expect(await dump(await again.find(OWNER, twin.id))).toEqual(before);
      }),
    ));

  it("is where a session goes back to, while another keeps what came after", () =>
    law((steps, at) =>
      withDesk(async ({ session, registry, journal }, reopen) => {
        await run(session, steps);
        const [after, then] = [await dump(session), await dump(await session.at({ at }))];
        const head = (await journal.find(session.id))?.lastHash;
        const rewound = await session.rewind({ to: { at }, isDiscarding: false, keptName: undefined, ownWriters: 0 });
        if (isRefusal(rewound)) throw new Error(rewound.message);
        expect(await dump(session)).toEqual(then);
        if (rewound.keptIn !== undefined) {
          expect(await dump(await registry.find(OWNER, rewound.keptIn))).toEqual(after);
          expect((await journal.find(rewound.keptIn))?.lastHash).toBe(head);
        }
        await run(
          session,
          steps.filter((step) => step.at > at),
        );
        expect(await dump(session)).toEqual(after);
        const back = await session.rewind({ to: { at }, isDiscarding: true, keptName: undefined, ownWriters: 0 });
        expect(back).toMatchObject({ keptIn: undefined, clock: at });
        const again = await reopen();
        expect(await dump(await again.find(OWNER, session.id))).toEqual(then);
      }),
    ));

  it("goes through a file from a fork of a rewound session, which goes on as the session did, and is proven", () =>
    law((steps, at) =>
      withDesk(async ({ session, registry, journal }) => {
        await run(session, steps);
        const after = await dump(session);
        const rest = steps.filter((step) => step.at > at);
        const back = await session.rewind({ to: { at }, isDiscarding: false, keptName: undefined, ownWriters: 0 });
        if (isRefusal(back)) throw new Error(back.message);
        const fork = found(await registry.fork(OWNER, session.id, { ...SAME, moment: undefined }));
        const imported = found(await takeFile(registry, await fileOf(registry, fork)));
        const twin = found(await registry.find(OWNER, imported.id));
        const kept = back.keptIn === undefined ? [] : [found(await registry.find(OWNER, back.keptIn))];
        for (const each of [session, fork, twin]) await run(each, rest);
        const head = (await journal.find(fork.id))?.lastHash;
        for (const each of [session, fork, twin, ...kept]) {
          expect(await dump(each)).toEqual(after);
          expect(await registry.proof.verify(each)).toMatchObject({ isProven: true, damage: undefined });
        }
        for (const each of [session, twin]) expect((await journal.find(each.id))?.lastHash).toBe(head);
      }),
    ));
});

function found<T>(value: T): Exclude<T, undefined | Refusal> {
  if (value === undefined) throw new Error("not there");
  if (isRefusal(value)) throw new Error(value.message);
  return value as Exclude<T, undefined | Refusal>;
}

const SAME = { name: undefined, configure: undefined, deposit: undefined };
