/** Adjusted bars of a session: for what companies had done by its clock, and for nothing later. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { done, openSession, openStage, time, type Stage } from "../../test/support/sessions.ts";
import { isRefusal } from "../kernel/index.ts";
import { importActions } from "../market/index.ts";
import type { SessionHandle } from "./index.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-actions-"));
  const path = join(folder, "actions.csv");
  writeFileSync(
    path,
    "symbol,ex_date,type,old_rate,new_rate,cash_per_share\nAAPL,2023-01-05,split,1,2,\nAAPL,2023-01-09,split,1,5,\n",
  );
  await importActions({ market: stage.market, path });
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => {
  stage.clear();
});

const FIRST_DAY = {
  symbol: "AAPL",
  timeframe: "1Day",
  start: time("2023-01-03T05:00:00Z"),
  end: time("2023-01-03T05:00:00Z"),
  limit: 1,
  after: undefined,
};

async function volumeOf(reader: Pick<SessionHandle, "bars">, adjustment?: string): Promise<number> {
  const page = await reader.bars({ ...FIRST_DAY, adjustment });
  if (isRefusal(page)) throw new Error(page.message);
  return page.bars[0]?.volume ?? NaN;
}

it("A split adjusts from 04:00 of its ex-date on the clock, and not a millisecond earlier", async () => {
  const session = await openSession(stage.registry);
  const at = async (until: string): Promise<number> => {
    done(await session.execute({ kind: "advance", until: time(until) }));
    return (await volumeOf(session, "split")) / (await volumeOf(session));
  };
  expect(await at("2023-01-05T08:59:59.999Z")).toBe(1);
  expect(await at("2023-01-05T09:00:00Z")).toBe(2);
  expect(await at("2023-01-09T08:59:59.999Z")).toBe(2);
  expect(await at("2023-01-09T09:00:00Z")).toBe(10);
});

it("Bars without a clock are adjusted for all that is known", async () => {
  const { catalog } = stage.registry;
  expect((await volumeOf(catalog, "all")) / (await volumeOf(catalog, "raw"))).toBe(10);
});

it("A word that adjustment does not take is refused", async () => {
  const session = await openSession(stage.registry);
  expect(await session.bars({ ...FIRST_DAY, adjustment: "splits" })).toMatchObject({ reason: "bad_request" });
});
