/** Law 4: kill -9 under load, again and again; nothing acknowledged is lost or doubled. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startServer } from "../support/server-process.ts";
import { createTrader } from "./trader.ts";

const ROUNDS = Number(process.env["TAPEDECK_CRASH_ROUNDS"] ?? 20);
const TRADERS = 4;
const SEED = Number(process.env["SEED"] ?? 20_230_103);

const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-crash-"));

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

describe(`kill -9 under load (SEED=${SEED})`, () => {
  const traders = Array.from({ length: TRADERS }, (_, index) => createTrader(SEED + index));

  it(`loses and doubles nothing in ${ROUNDS} rounds`, { timeout: 600_000 }, async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const server = await startServer({ dataDir });
      const trading = traders.map((trader) => trader.trade(server.url, 100_000));
      await lifetime(round);
      expect(await server.end("SIGKILL")).toBeNull();
      await Promise.all(trading);
      const revived = await startServer({ dataDir });
      for (const trader of traders) expect(await trader.findings(revived.url), `round ${round}`).toEqual([]);
      await revived.end(round % 2 === 0 ? "SIGTERM" : "SIGKILL");
    }
  });
});

/** A few hundred milliseconds, another length each round, so that the kill falls anywhere in a commit. */
function lifetime(round: number): Promise<void> {
  const ms = 150 + ((Math.imul(SEED + round, 2_654_435_761) >>> 0) % 500);
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
