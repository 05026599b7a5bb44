/** The equity that a runner keeps up is the one that is valued anew, at every step of every random session. */
import { expect, it } from "vitest";
import { accountFigures, createState, EngineRunner } from "../../src/engine/index.ts";
import { cash, instant, SCALE, unitsToNumber, type Instant } from "../../src/kernel/index.ts";
import { tapeOf } from "./tape.ts";
import { workloadOf, type Workload } from "./workload.ts";

const SESSIONS = 60;

/** Parts of a cent: both are floats of the same dollars. */
const DIGITS = 6;

function runnerOf({ start, end, dollars, config, market, accounts }: Workload): EngineRunner {
  const initialCash = cash(dollars * SCALE);
  const opening = { at: start, name: undefined, startTime: start, endTime: end, initialCash, config };
  const runner = new EngineRunner(createState({ kind: "session_created", ...opening }), tapeOf(market));
  for (let count = 0; count < accounts; count += 1) {
    runner.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
  }
  return runner;
}

/** Compares every account at an instant, and returns how many positions were held. */
function compareAt(runner: EngineRunner, at: Instant): number {
  if (at > runner.state.clock) runner.advance(at);
  let held = 0;
  for (const account of runner.state.accounts) {
    const { equity } = accountFigures(runner.state, account, runner.known());
    expect(runner.equity(account.ordinal)).toBeCloseTo(unitsToNumber(equity), DIGITS);
    held += account.positions.size;
  }
  return held;
}

it("keeps up with fills, shorts, fractions, splits, dividends and transfers", { timeout: 60_000 }, () => {
  let held = 0;
  for (let seed = 1; seed <= SESSIONS; seed += 1) {
    const workload = workloadOf(seed, { commands: 60 });
    const runner = runnerOf(workload);
    for (const intent of workload.intents.filter(({ at }) => at < workload.end)) {
      const { account } = intent;
      // Between two commands time stands once more, so that prices move while nothing is done.
      held += compareAt(runner, instant(Math.floor((runner.state.clock + intent.at) / 2)));
      held += compareAt(runner, intent.at);
      if (intent.kind === "submit") runner.command({ kind: "submit_order", account, terms: intent.terms });
      if (intent.kind === "transfer") runner.command({ kind: "transfer_cash", account, netAmount: intent.netAmount });
    }
  }
  expect(held).toBeGreaterThan(SESSIONS);
});

it("knows no account that was not opened", () => {
  expect(runnerOf(workloadOf(1, { commands: 1 })).equity(99)).toBeUndefined();
});
