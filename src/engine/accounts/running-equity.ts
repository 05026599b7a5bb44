/** Equity for whoever asks at every step: a float, from sums that are whole numbers as long as these are exact. */
import { SCALE, unitsToNumber, type Instant } from "../../kernel/index.ts";
import { MARK_UNITS_MAX, type MarkAt, type Tape } from "../ports.ts";
import type { Account, State } from "../state.ts";
import { valuationOf } from "./figures.ts";

/** What an account is made of, kept up from its fills. */
export interface RunningEquity {
  readonly state: State;
  readonly account: Account;
  readonly tape: Tape;
  /** How many of the account's activities are in it: whatever changes cash or shares is one. */
  activities: number;
  /** Cash, as whole dollars and units of 10⁻⁹. */
  dollars: number;
  rest: number;
  readonly held: Held[];
  /** Where in `held` a symbol is. */
  readonly places: Map<string, number>;
}

interface Held {
  readonly symbol: string;
  /** Negative for a short; NaN where they are not whole. */
  shares: number;
  readonly mark: MarkAt;
}

export function runningEquity(state: State, account: Account, tape: Tape): RunningEquity {
  return { state, account, tape, activities: -1, dollars: 0, rest: 0, held: [], places: new Map() };
}

/** Cash and positions at the last known prices, in dollars; at cost while no price is known. */
export function equityAt(running: RunningEquity, at: Instant): number {
  if (running.activities !== running.account.activities.length) keepUp(running);
  const { held } = running;
  let sum = running.rest;
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

function keepUp(running: RunningEquity): void {
  const { state, account } = running;
  const { activities } = account;
  running.dollars = Number(account.cash / SCALE);
  running.rest = Number(account.cash % SCALE);
  for (let index = running.activities; index < activities.length; index += 1) {
    const activity = activities.get(index);
    const order = activity?.kind === "order_filled" ? state.orders.get(activity.order - 1) : undefined;
    if (order === undefined) {
      takeStock(running);
      break;
    }
    place(running, order.symbol);
  }
  running.activities = activities.length;
}

function takeStock(running: RunningEquity): void {
  running.held.length = 0;
  running.places.clear();
  for (const symbol of running.account.positions.keys()) place(running, symbol);
}

/** Brings one symbol to what is held of it now. */
function place({ account, tape, held, places }: RunningEquity, symbol: string): void {
  const qty = account.positions.get(symbol)?.qty ?? 0n;
  const shares = qty % SCALE === 0n ? Number(qty / SCALE) : NaN;
  const at = places.get(symbol);
  const found = at === undefined ? undefined : held[at];
  if (found === undefined) {
    if (qty === 0n) return;
    places.set(symbol, held.length);
    held.push({ symbol, shares, mark: tape.mark(symbol) });
    return;
  }
  found.shares = shares;
  if (qty === 0n) remove({ held, places }, found);
}

/** The last one takes its place. */
function remove({ held, places }: Pick<RunningEquity, "held" | "places">, gone: Held): void {
  const at = places.get(gone.symbol) ?? held.length;
  const last = held.pop();
  places.delete(gone.symbol);
  if (last === undefined || last === gone) return;
  held[at] = last;
  places.set(last.symbol, at);
}

function exactEquity({ account, tape }: RunningEquity, at: Instant): number {
  return unitsToNumber(valuationOf(account, tape.knownAt(at), at).equity);
}
