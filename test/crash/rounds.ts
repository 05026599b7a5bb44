/** Rounds of work and crash: clients trade, the server ends in the middle of it, and is held against their records. */
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { startServer, type ServerProcess } from "../support/server-process.ts";
import { drawer } from "./draw.ts";
import type { CheckOptions } from "./findings.ts";
import { allFindings, createTrader, type Trader } from "./trader.ts";

export const ROUNDS = Number(process.env["TAPEDECK_CRASH_ROUNDS"] ?? 20);
export const SEED = Number(process.env["SEED"] ?? 20_230_103);

const TRADERS = 3;
/** Answers in one round: as many on a busy machine as on an idle one. */
const ANSWERS_MAX = 200;

/** Sessions that are not worked on any more are looked at again in every so-manieth round, and in the last. */
const THOROUGH_EVERY = 10;

export interface RoundsOptions extends CheckOptions {
  readonly dataDir: string;
  readonly prefix?: readonly string[];
  /** Ends the server, and does to its disk what happens then. */
  readonly crash: (server: ServerProcess, round: number) => Promise<void>;
}

/** How often each action was answered with success, for what a test must have seen. */
export async function runRounds(options: RoundsOptions): Promise<ReadonlyMap<string, number>> {
  const namesAsked = new Set<string>();
  const traders = Array.from({ length: TRADERS }, (_, index) => createTrader({ seed: SEED + index, namesAsked }));
  const start = (): Promise<ServerProcess> => startServer(options);
  const draw = drawer(SEED);
  let server = await start();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { url } = server;
    const enough = answersOf(traders) + draw(ANSWERS_MAX);
    const trading = traders.map((trader) => trader.trade(url));
    // Another length each round, so that the end falls anywhere: before the first answer, or in the middle of a commit.
    while (answersOf(traders) < enough) await wait(1);
    await wait(draw(10));
    await options.crash(server, round);
    await Promise.all(trading);
    server = await start();
    const isThorough = round % THOROUGH_EVERY === 0 || round === ROUNDS;
    const found = await allFindings(server.url, traders, { ...options, namesAsked, isThorough });
    expect(found, `round ${round}, SEED=${SEED}`).toEqual([]);
  }
  await server.end("SIGTERM");
  return sumOf(traders.map(({ counts }) => counts));
}

const answersOf = (traders: readonly Trader[]): number =>
  traders.reduce((sum, { counts }) => sum + [...counts.values()].reduce((all, count) => all + count, 0), 0);

function sumOf(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const counts of all) for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}
