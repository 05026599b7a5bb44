/** Law 4: kill -9 under load, again and again; nothing acknowledged is lost or doubled. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROUNDS, runRounds, SEED } from "./rounds.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-crash-"));

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

describe(`kill -9 under load (SEED=${SEED})`, () => {
  it(`loses and doubles nothing in ${ROUNDS} rounds`, { timeout: 3_600_000 }, async () => {
    const counts = await runRounds({
      dataDir,
      mayLoseClock: false,
      isRestarted: true,
      crash: async (server) => {
        expect(await server.end("SIGKILL")).toBeNull();
      },
    });
    // Fewer rounds are for looking at one: they need not have met everything.
    if (ROUNDS < 20) return;
    for (const action of ["order", "cancel", "replace", "advance", "play", "speed", "session", "account"])
      expect(counts.get(action), action).toBeGreaterThan(0);
  });
});
