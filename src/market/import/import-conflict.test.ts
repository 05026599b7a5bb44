/** Bars that contradict those in the catalog: whole days are kept or replaced as the user says, never mixed. */
import { describe, expect, it, onTestFinished } from "vitest";
import { barsOf, csv, failureOf, fixture, type Fixture } from "./import-fixture.ts";

/** Three minutes of two days; the price tells the source. */
const minutes = (day: string, price: number, times: readonly string[]): readonly string[] =>
  times.map((time) => `2024-03-${day}T${time}:00Z,${price},${price},${price},${price},100`);

const STORED = csv(...minutes("05", 1, ["14:30", "14:31"]), ...minutes("06", 1, ["14:30", "14:32"]));
const COMING = csv(
  ...minutes("05", 2, ["14:31", "14:33"]),
  ...minutes("06", 1, ["14:30", "14:31"]),
  ...minutes("07", 2, ["14:30"]),
);

async function stored(): Promise<Fixture> {
  const made = await fixture(onTestFinished);
  await made.take("SPY_1min.csv", STORED);
  return made;
}

const shown = async ({ market }: Fixture): Promise<readonly string[]> =>
  (await barsOf(market, "SPY", "1Min")).map(
    ({ start, open }) => `${new Date(start).toISOString().slice(8, 16)} ${open}`,
  );

describe("days that contradict the catalog", () => {
  it("stop an import unless a policy is named", async () => {
    const made = await stored();
    const before = await shown(made);
    for (const onConflict of [undefined, "fail"]) {
      const failure = await failureOf(made.take("SPY_1min.csv", COMING, { onConflict }));
      expect(failure.message).toMatch(/SPY at 2024-03-05T14:31:00Z: open is 1 in the catalog and 2 .* --on-conflict/);
    }
    expect(await shown(made)).toEqual(before);
  });

  it("stay as they were with keep, while other days take what is new", async () => {
    const made = await stored();
    const report = await made.take("SPY_1min.csv", COMING, { onConflict: "keep" });
    expect(report.series).toMatchObject([{ added: 2, daysKept: ["2024-03-05"], daysReplaced: [] }]);
    expect(await shown(made)).toEqual([
      "05T14:30 1",
      "05T14:31 1",
      "06T14:30 1",
      "06T14:31 1",
      "06T14:32 1",
      "07T14:30 2",
    ]);
    expect(await made.take("SPY_1min.csv", COMING, { onConflict: "keep" })).toMatchObject({ isUnchanged: true });
  });

  it("are as in the file with replace, bars that only the catalog had included", async () => {
    const made = await stored();
    const report = await made.take("SPY_1min.csv", COMING, { onConflict: "replace" });
    expect(report.series).toMatchObject([{ added: 2, daysKept: [], daysReplaced: ["2024-03-05"] }]);
    expect(await shown(made)).toEqual([
      "05T14:31 2",
      "05T14:33 2",
      "06T14:30 1",
      "06T14:31 1",
      "06T14:32 1",
      "07T14:30 2",
    ]);
    expect(await made.take("SPY_1min.csv", COMING, { onConflict: "replace" })).toMatchObject({ isUnchanged: true });
  });

  it("are replaced by adjusted ones only where the whole series is marked so", async () => {
    const made = await stored();
    const failure = await failureOf(made.take("SPY_1min.csv", COMING, { onConflict: "replace", isAdjusted: true }));
    expect(failure.message).toMatch(/are not marked as adjusted/);
  });
});
