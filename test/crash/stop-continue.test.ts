/** A process that is stopped and continued in the middle of requests loses nothing, doubles nothing, and plays on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createClient, field, type Client } from "../support/http-client.ts";
import { startServer, type ServerProcess } from "../support/server-process.ts";
import { drawer } from "./draw.ts";
import { ROUNDS, SEED } from "./rounds.ts";
import { allFindings, createTrader } from "./trader.ts";

const base = mkdtempSync(join(tmpdir(), "tapedeck-stop-"));
const SPEED = 3600;

afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

/** A server that is stopped does not see its port closed: requests wait, as they do for a laptop that sleeps. */
async function stopForAWhile(server: ServerProcess, ms: number): Promise<void> {
  process.kill(server.pid, "SIGSTOP");
  await wait(ms);
  process.kill(server.pid, "SIGCONT");
}

describe(`a process that is stopped and continued (SEED=${SEED})`, () => {
  it(`loses and doubles nothing in ${ROUNDS} rounds`, { timeout: 3_600_000 }, async () => {
    const dataDir = join(base, "rounds");
    const namesAsked = new Set<string>();
    const traders = [0, 1, 2].map((index) => createTrader({ seed: SEED + index, namesAsked }));
    const draw = drawer(SEED);
    const server = await startServer({ dataDir });
    for (let round = 1; round <= ROUNDS; round += 1) {
      let isOver = false;
      const trading = traders.map((trader) => trader.trade(server.url, () => isOver));
      for (let times = 0; times < 3; times += 1) {
        await wait(draw(60));
        await stopForAWhile(server, draw(120));
      }
      isOver = true;
      await Promise.all(trading);
      const options = { mayLoseClock: false, isRestarted: false, isThorough: round === ROUNDS, namesAsked };
      expect(await allFindings(server.url, traders, options), `round ${round}, SEED=${SEED}`).toEqual([]);
    }
    const trading = traders.map((trader) => trader.trade(server.url));
    await wait(100);
    process.kill(server.pid, "SIGSTOP");
    await server.end("SIGKILL");
    await Promise.all(trading);
    const revived = await startServer({ dataDir });
    const options = { mayLoseClock: false, isRestarted: true, isThorough: true, namesAsked };
    expect(await allFindings(revived.url, traders, options), "killed while stopped").toEqual([]);
    await revived.end("SIGTERM");
  });

  it("plays on: never back, never ahead of real time, and not stuck", async () => {
    const server = await startServer({ dataDir: join(base, "playback") });
    const client = createClient(server.url);
    const session = await openSession(client);
    const clockOf = (body: unknown): number => Date.parse(field(body, "current_time"));
    const read = async (): Promise<number> => clockOf((await client.request("GET", session)).body);
    await client.request("PUT", `${session}/time/speed`, { speed: SPEED });
    const startedAt = performance.now();
    let last = clockOf((await client.request("POST", `${session}/time/play`)).body);
    const origin = last;
    const draw = drawer(SEED);
    for (let times = 0; times < 5; times += 1) {
      const reading = read();
      await stopForAWhile(server, draw(200));
      const before = await reading;
      const clock = await laterThan(before, read);
      expect(before).toBeGreaterThanOrEqual(last);
      expect(clock - origin).toBeLessThanOrEqual((performance.now() - startedAt) * SPEED);
      last = clock;
    }
    await client.request("POST", `${session}/time/pause`);
    const paused = await read();
    await stopForAWhile(server, 100);
    expect(await read()).toBe(paused);
    await server.end("SIGTERM");
  });
});

async function openSession(client: Client): Promise<string> {
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  return `/v1/sessions/${field((await client.request("POST", "/v1/sessions", span)).body, "id")}`;
}

/** Reads until the clock has moved on; the test's own limit ends it otherwise. */
async function laterThan(before: number, read: () => Promise<number>): Promise<number> {
  for (;;) {
    const clock = await read();
    if (clock > before) return clock;
    await wait(5);
  }
}
