/** The log of long work, where no person watches. */
import { describe, expect, it } from "vitest";
import { openBytesProgress, openProgress } from "./progress.ts";

function watched(): { lines: string[]; clock: { ms: number }; watcher: Parameters<typeof openProgress>[1] } {
  const lines: string[] = [];
  const clock = { ms: 0 };
  return { lines, clock, watcher: { isTerminal: false, write: (text) => lines.push(text), now: () => clock.ms } };
}

describe("progress where nobody watches", () => {
  it("is silent for a second, then a line every five with rate and time left", () => {
    const { lines, clock, watcher } = watched();
    const progress = openBytesProgress("big\u001B.csv", false, watcher);
    for (clock.ms = 0; clock.ms <= 12_000; clock.ms += 500) progress.show(clock.ms * 20_000, 480_000_000);
    progress.close();
    expect(lines).toEqual([
      "big?.csv: 20 of 480 MB, 20 a second (4%, 23 s left)\n",
      "big?.csv: 120 of 480 MB, 20 a second (25%, 18 s left)\n",
      "big?.csv: 220 of 480 MB, 20 a second (45%, 13 s left)\n",
    ]);
  });

  it("counts things, and minutes where they are many", () => {
    const { lines, clock, watcher } = watched();
    const progress = openProgress({ name: "", unit: "series", isQuiet: false }, watcher);
    clock.ms = 2000;
    progress.show(3, 1200);
    expect(lines).toEqual(["3 of 1,200 series, 1.5 a second (0%, 14 min left)\n"]);
  });

  it("says nothing with --json", () => {
    const { lines, clock, watcher } = watched();
    const progress = openProgress({ name: "a", unit: "series", isQuiet: true }, watcher);
    clock.ms = 60_000;
    progress.show(1, 2);
    expect(lines).toEqual([]);
  });
});
