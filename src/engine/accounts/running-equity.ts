/** Equity for whoever asks at every step: a float, from sums that are whole numbers as long as these are exact. */
import { SCALE, unitsToNumber, type Instant } from "../../kernel/index.ts";
import { MARK_UNITS_MAX, type MarkAt, type Tape } from "../ports.ts";
import type { Account } from "../state.ts";
import { valuationOf } from "./figures.ts";

/** What an account is made of since its last fill or entry. */
export interface RunningEquity {
  readonly account: Account;
  readonly tape: Tape;
  /** Whatever changes cash or shares is an activity. */
  activities: number;
  /** Cash, as whole dollars and units of 10⁻⁹. */
  dollars: number;
  rest: number;
  held: readonly Held[];
}

interface Held {
  /** Negative for a short. */
  readonly shares: number;
  readonly mark: MarkAt;
}

export function runningEquity(account: Account, tape: Tape): RunningEquity {
  return { account, tape, activities: -1, dollars: 0, rest: 0, held: [] };
}

/** Cash and positions at the last known prices, in dollars; at cost while no price is known. */
export function equityAt(running: RunningEquity, at: Instant): number {
  if (running.activities !== running.account.activities.length) takeStock(running);
  let sum = running.rest;
  const { held } = running;
  for (let index = 0; index < held.length; index += 1) {
    const { mark, shares } = held[index] as Held;
    const units = Math.round(mark(at) * UNITS_PER_DOLLAR);
    sum += units <= MARK_UNITS_MAX ? units * shares : NaN;
  }
  // Beyond the whole numbers that a float holds, or where a price is not known as one.
  if (!(Math.abs(sum) <= Number.MAX_SAFE_INTEGER)) return exactEquity(running, at);
  return running.dollars + sum / UNITS_PER_DOLLAR;
}

const UNITS_PER_DOLLAR = Number(SCALE);

function takeStock(running: RunningEquity): void {
  const { account, tape } = running;
  running.activities = account.activities.length;
  running.dollars = Number(account.cash / SCALE);
  running.rest = Number(account.cash % SCALE);
  running.held = Array.from(account.positions.values(), ({ symbol, qty }) => ({
    shares: qty % SCALE === 0n ? Number(qty / SCALE) : NaN,
    mark: tape.mark(symbol),
  }));
}

function exactEquity({ account, tape }: RunningEquity, at: Instant): number {
  return unitsToNumber(valuationOf(account, tape.knownAt(at), at).equity);
}
