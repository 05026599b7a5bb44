/** `tapedeck run`: bots of any kind through a span of history, the same at any speed. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlace, type Outcome, type Place } from "./run-cli.ts";

let place: Place;

beforeAll(() => {
  place = createPlace();
});
afterAll(() => {
  place.clear();
});

const bot = (name: string): string => fileURLToPath(new URL(`bots/${name}.mjs`, import.meta.url));
const HOUR = ["--from", "2023-01-03T09:30:00-05:00", "--to", "2023-01-03T10:40:00-05:00"];

const run = (options: readonly string[], command: readonly string[]): Promise<Outcome> =>
  place.run(["run", "--data-dir", place.dataDir, ...HOUR, ...options, "--", ...command]);

const linesOf = ({ stdout }: Outcome, words: string): readonly string[] =>
  stdout.split("\n").filter((line) => new RegExp(`^(${words}) `).test(line));

describe("a bot in Node", () => {
  it("makes the same trades run after run, asking or listening, at full speed and slower", async () => {
    const outcomes = [
      await run([], ["node", bot("polling")]),
      await run([], ["node", bot("polling")]),
      await run(["--speed", "1500"], ["node", bot("polling")]),
      await run([], ["node", bot("streaming")]),
      await run(["--speed", "1500"], ["node", bot("streaming")]),
    ];
    const [first, ...others] = outcomes.map((outcome) => linesOf(outcome, "buy|sell"));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(first?.length).toBeGreaterThan(3);
    expect(first?.[0]).toMatch(/^buy 2023-01-03T14:\d\d:00.000Z$/);
    for (const other of others) expect(other).toEqual(first);
    const fills = outcomes.slice(3).map((outcome) => linesOf(outcome, "fill"));
    expect(fills[0]).toHaveLength(first?.length ?? 0);
    expect(fills[1]).toEqual(fills[0]);
    const equities = outcomes.map((outcome) => linesOf(outcome, "Equity"));
    expect(new Set(equities.flat()).size).toBe(1);
  }, 120_000);

  it("has the session's time everywhere", async () => {
    const script = `
      import { setTimeout as wait } from "node:timers/promises";
      const seen = [new Date().toISOString(), new Date(0).toISOString(), typeof Date(), new Date() instanceof Date];
      await wait(90_000);
      seen.push(Date.now());
      let ticks = 0;
      const interval = setInterval(() => { ticks += 1; if (ticks === 3) { clearInterval(interval); seen.push(Date.now()); console.log(JSON.stringify(seen)); } }, 10_000);
      setTimeout(() => seen.push("never"), 15_000).unref?.();
      clearTimeout(setTimeout(() => seen.push("cleared"), 1000));
    `;
    const { stdout } = await run([], ["node", "--input-type=module", "-e", script]);
    const start = Date.parse("2023-01-03T14:30:00Z");
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toEqual([
      "2023-01-03T14:30:00.000Z",
      "1970-01-01T00:00:00.000Z",
      "string",
      true,
      start + 90_000,
      "never",
      start + 120_000,
    ]);
  });

  it("is ended with its session", async () => {
    const script =
      "let n = 0; setInterval(() => { n += 1; }, 60000); process.on('exit', () => console.log('minutes ' + n));";
    const { code, stdout } = await run([], ["node", "-e", script]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("minutes 70")]);
    expect(stdout).toContain("completed at 2023-01-03T15:40:00.001Z");
  });
});

describe("a run", () => {
  it("keeps the command's exit code, and says what became of it", async () => {
    const { code, stdout } = await run(["--cash", "5000"], ["node", "-e", "process.exit(7)"]);
    expect(code).toBe(7);
    expect(stdout).toContain("the command ended with 7");
    expect(stdout).toContain("Equity 5000");
  });

  it("answers with one document, its session kept where it says", async () => {
    const words = [
      "--json",
      "run",
      "--data-dir",
      place.dataDir,
      ...HOUR,
      "--profile",
      "ideal",
      "--",
      "node",
      "-e",
      "0",
    ];
    const { stdout } = await place.run(words);
    const result = JSON.parse(stdout) as Record<string, never>;
    expect(result).toMatchObject({ exitCode: 0, state: { config: { profile: "ideal", tradingHours: "regular" } } });
    expect(existsSync(String(result["directory"]))).toBe(true);
  });

  it("takes dates for the exchange's hours", async () => {
    const script = "console.log('at ' + new Date().toISOString())";
    const words = ["run", "--data-dir", place.dataDir, "--from", "2023-01-01", "--to", "2023-01-16"];
    const { stdout } = await place.run(["--json", ...words, "--", "node", "-e", script]);
    expect(stdout).toContain("at 2023-01-03T14:30:00.000Z");
    expect(stdout).toContain('"simulation_end": "2023-01-13T21:00:00.001Z"');
  });

  it("plays by itself for a command that keeps its own time", async () => {
    const { stdout } = await run(["--clock", "session", "--speed", "600"], ["sleep", "1"]);
    const [, minute = "0"] = /active at 2023-01-03T14:(\d\d)/.exec(stdout) ?? [];
    expect(Number(minute)).toBeGreaterThanOrEqual(38);
    expect(Number(minute)).toBeLessThan(55);
  });

  it.each([
    ["no command", ["run", ...HOUR], "missing required argument"],
    ["no span", ["run", "--", "true"], "--from"],
    ["a command that is not there", ["run", ...HOUR, "--", "no-such-bot"], "cannot be started"],
    ["a wrong speed", ["run", ...HOUR, "--speed", "fast", "--", "true"], "--speed"],
    ["a wrong clock", ["run", ...HOUR, "--clock", "mine", "--", "true"], "--clock"],
    ["a symbol without bars", ["run", ...HOUR, "--symbols", "SPY,NOPE", "--", "true"], "NOPE"],
    ["an end before its start", ["run", "--from", "2023-01-04", "--to", "2023-01-03", "--", "true"], "startTime"],
    ["no time", ["run", "--from", "yesterday", "--to", "2023-01-03", "--", "true"], "startTime"],
  ])("is refused with %s", async (_name, words, said) => {
    const [name = "", ...rest] = words;
    const { code, stderr } = await place.run([name, "--data-dir", place.dataDir, ...rest]);
    expect([code === 2 || code === 5, stderr]).toEqual([true, expect.stringContaining(said)]);
  });
});
