/** The short way of plain orders is the long way: the same events, whatever the market, the models and the commands. */
import { expect, it } from "vitest";
import { textOf } from "./auditor/compare.ts";
import { play } from "./run.ts";
import { workloadOf } from "./workload.ts";

const SESSIONS = 150;

/** Models under which an open serves a plain order by itself; the others are drawn by the seed. */
const EASY = { marketCollar: null, participation: null, partialFills: 0 } as const;

it("gives the events of the long way", { timeout: 60_000 }, () => {
  let plain = 0;
  for (let seed = 1; seed <= SESSIONS; seed += 1) {
    const pdt = seed % 2 === 0 ? "legacy" : "none";
    const workload = workloadOf(seed, { commands: 60, config: seed % 3 === 0 ? { pdt } : { ...EASY, pdt } });
    const short = play(workload, { hasDayTradingPower: true });
    const long = play(workload, { hasDayTradingPower: true, isLongWay: true });
    expect(short.events.map(textOf), `seed ${seed}`).toEqual(long.events.map(textOf));
    plain += [...short.state.orders].filter(({ isPlain, filledQty }) => isPlain && filledQty > 0n).length;
  }
  expect(plain).toBeGreaterThan(SESSIONS);
});
