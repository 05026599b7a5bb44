/** The client's record itself: a server that goes back to an older copy of its data directory is found out. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startServer } from "../support/server-process.ts";
import { allFindings, createTrader } from "./trader.ts";

const base = mkdtempSync(join(tmpdir(), "tapedeck-auditor-"));

afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

/** Trades until there have been so many good answers. */
async function tradeSome(dataDir: string, trader: ReturnType<typeof createTrader>, answers: number): Promise<void> {
  const server = await startServer({ dataDir });
  const count = (): number => [...trader.counts.values()].reduce((sum, each) => sum + each, 0);
  const enough = count() + answers;
  await trader.trade(server.url, () => count() >= enough);
  await server.end("SIGTERM");
}

describe("the record of a client", () => {
  it("finds lost sessions, accounts, orders, cancels, replacements, fills and clocks", async () => {
    const [dataDir, older] = [join(base, "data"), join(base, "older")];
    const namesAsked = new Set<string>();
    const trader = createTrader({ seed: 7, namesAsked, hands: 1 });
    await tradeSome(dataDir, trader, 150);
    cpSync(dataDir, older, { recursive: true });
    await tradeSome(dataDir, trader, 600);
    const server = await startServer({ dataDir: older });
    const options = { mayLoseClock: false, isRestarted: true, isThorough: true, namesAsked };
    const found = (await allFindings(server.url, [trader], options)).join("\n");
    await server.end("SIGTERM");
    for (const loss of [/session \S+ \(\S+\) is lost/, /order \S+ is lost/, /cancel of \S+ is lost/, /the clock is/])
      expect(found).toMatch(loss);
    for (const loss of [/replacement of \S+ is lost/, /fill of \S+ is lost/, /in the list 0 times/])
      expect(found).toMatch(loss);
  });
});
