/** Law 4 again, with the power cut: only what was synced is there when the server starts again. */
import { afterAll, describe, expect, it } from "vitest";
import { NO_LIBRARY, needsLibrary, openLossyDisk, type LossyDisk } from "./lossy-disk.ts";
import { ROUNDS, runRounds, SEED } from "./rounds.ts";

const disks: LossyDisk[] = [];

afterAll(() => {
  for (const disk of disks) disk.remove();
});

describe.skipIf(NO_LIBRARY !== undefined)(`a power cut under load (SEED=${SEED})`, () => {
  it(needsLibrary(`loses nothing that was acknowledged in ${ROUNDS} rounds`), { timeout: 3_600_000 }, async () => {
    const disk = openLossyDisk();
    disks.push(disk);
    await runRounds({
      dataDir: disk.path,
      prefix: disk.prefix,
      mayLoseClock: true,
      isRestarted: true,
      crash: async (server, round) => {
        expect(await server.end("SIGKILL")).toBeNull();
        // In every other round some of what was not synced is there all the same, in no order.
        disk.cutPower(round % 2 === 0 ? { scatterSeed: SEED + round } : {});
      },
    });
    expect(disk.syncs()).toBeGreaterThan(0);
  });
});
