import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineConfig } from "../../engine/index.ts";
import { isRefusal } from "../../kernel/index.ts";
import { openSession, openStage, OWNER, type Stage } from "../../../test/support/sessions.ts";
import type { SessionHandle } from "../types.ts";
import { rerun } from "./rerun.ts";
import { WHOLE_PAST } from "./scratch-session.ts";
import { fileOf, takeFile, takeStep } from "./proof-fixture.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.clear());

const steps = fc.array(fc.tuple(fc.nat(12), fc.nat(200)), { maxLength: 25 });

async function sessionOf(list: readonly (readonly [number, number])[]): Promise<SessionHandle> {
  const session = await openSession(stage.registry, { participation: null });
  for (const step of list) await takeStep(session, step);
  return session;
}

function good<T>(value: T): Exclude<T, { kind: "refusal" }> {
  if (isRefusal(value)) throw new Error(value.message);
  return value as Exclude<T, { kind: "refusal" }>;
}

const asFile = (session: SessionHandle): Promise<Buffer> => fileOf(stage.registry, session);

const take = (bytes: Uint8Array, size?: number): ReturnType<typeof takeFile> => takeFile(stage.registry, bytes, size);

const count = async (): Promise<number> =>
  (await stage.registry.list(OWNER, { limit: 1000, after: undefined })).sessions.length;

describe("a random session", () => {
  it("comes out the same when its commands run again, and is proven", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const session = await sessionOf(list);
        const report = good(await stage.registry.proof.verify(session));
        const summary = good(await session.describe());
        expect(report).toMatchObject({ isProven: true, damage: undefined, first: undefined, entries: summary.lastSeq });
        expect(report.head).toEqual({ seq: summary.lastSeq, hash: summary.lastHash });
        expect(good(await stage.registry.proof.replay(session, {}))).toMatchObject({ isSame: true, refusedTotal: 0 });
        await stage.registry.delete(OWNER, session.id);
      }),
      { numRuns: 40 },
    );
  });

  it("comes out the same, under other options too, however little of its past is in memory", async () => {
    const wall = { timestamp: () => "", elapsedMs: () => 0 };
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(3), fc.boolean(), async (list, days, isOther) => {
        const session = await sessionOf(list);
        const { id, lastSeq: upTo, clock } = good(await session.describe());
        const config = isOther ? (was: EngineConfig): EngineConfig => ({ ...was, limitRule: "touch" }) : undefined;
        const request = { ...stage, wall, id, upTo, clock, config };
        const little = { itemsMin: 1, eventsPerLook: 1, reachMs: days * 86_400_000 };
        const [run, whole] = [await rerun({ ...request, past: little }), await rerun({ ...request, past: WHOLE_PAST })];
        expect(good(run)).toEqual(good(whole));
        await stage.registry.delete(OWNER, session.id);
      }),
      { numRuns: 40 },
    );
  });

  it("goes through a file to the same hash, the same clock and the same proof", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5000 }), async (list, size) => {
        const session = await sessionOf(list);
        const file = await asFile(session);
        expect(file.equals(await asFile(session))).toBe(true);
        const { id } = good(await take(file, size));
        const twin = await stage.registry.find(OWNER, id);
        if (twin === undefined) throw new Error("the import is not there");
        const [was, now] = [good(await session.describe()), good(await twin.describe())];
        expect([now.lastSeq, now.lastHash, now.clock, now.name]).toEqual([
          was.lastSeq,
          was.lastHash,
          was.clock,
          was.name,
        ]);
        expect(good(await stage.registry.proof.verify(twin))).toMatchObject({ isProven: true });
        const { isSame, commonEntries } = good(await stage.registry.proof.diff(session, twin));
        expect([isSame, commonEntries]).toEqual([true, was.lastSeq]);
        expect((await asFile(twin)).length).toBeGreaterThan(200);
        for (const each of [session, twin]) await stage.registry.delete(OWNER, each.id);
      }),
      { numRuns: 25 },
    );
  });

  it("is refused with one byte of its file changed, wherever it stands, and leaves nothing", async () => {
    const session = await sessionOf([
      [0, 3],
      [10, 9],
      [2, 100],
      [10, 20],
      [3, 2],
      [10, 40],
    ]);
    const file = await asFile(session);
    const before = await count();
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
        const changed = Buffer.from(file);
        changed[place] = (changed[place] ?? 0) ^ mask;
        expect(await take(changed, 700)).toMatchObject({ kind: "refusal", reason: "bad_session_file" });
      }),
      { numRuns: 400 },
    );
    for (let place = 0; place < file.length; place += place > 20 && place < file.length - 130 ? 37 : 1) {
      const changed = Buffer.from(file);
      changed[place] = (changed[place] ?? 0) ^ 0x80;
      expect([place, await take(changed)]).toMatchObject([place, { reason: "bad_session_file" }]);
    }
    for (const length of [0, 1, 9, 10, 50, 101, 102, file.length - 1]) {
      expect(await take(file.subarray(0, length))).toMatchObject({ reason: "bad_session_file" });
    }
    expect(await count()).toBe(before);
    expect(await stage.journal.list("(a session file on its way in)", { limit: 9, after: undefined })).toEqual({
      sessions: [],
      next: undefined,
    });
  });
});
