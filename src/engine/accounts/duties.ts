/** What an account does at set times of a day: margin, interest, borrow cost, fees, dividends (rules R32, R36, R37, R43). */
import { firstTradingDay } from "../../calendar/index.ts";
import { instant, missing, type Bar, type Instant } from "../../kernel/index.ts";
import type { EngineEvent } from "../event.ts";
import { PHASE, type Moment, type Phase } from "../moment.ts";
import type { Tape } from "../ports.ts";
import type { Account, State } from "../state.ts";
import { dailyCosts, monthlyPostings, postFees } from "./accruals.ts";
import { marginEvents, type MarginCheck } from "./margin-call.ts";
import { payDividends } from "./dividends.ts";

/** `close`: margin at the regular close; `session_close`: costs and fees; `bar`: margin at once; `dividend`: pay. */
export type Duty = "dividend" | "bar" | "close" | "session_close";

interface DueDuty {
  readonly at: Instant;
  readonly phase: Phase;
  readonly duty: Duty;
}

/** All that is due at one moment: where the last bar of a session ends, the session closes too. */
interface DueDuties {
  readonly at: Instant;
  readonly phase: Phase;
  readonly duties: readonly Duty[];
}

interface Asking {
  readonly ordinal: number;
  readonly done: Moment;
}

/** The next duties of an account after what is done, or undefined for one that owes and is owed nothing. */
export function nextDuties(state: State, tape: Tape, { ordinal, done }: Asking): DueDuties | undefined {
  const account = accountOf(state, ordinal);
  if (!hasDuties(account)) return undefined;
  const ahead = [
    dividendDuty(account),
    ...(isLeveraged(account) || account.marginCallAt !== undefined ? marginDuties(state, tape, { account, done }) : []),
    hasCosts(account) ? atEdge(done, "sessionClose") : undefined,
  ].filter((duty) => duty !== undefined);
  const next = ahead.toSorted((a, b) => a.at - b.at || a.phase - b.phase)[0];
  if (next === undefined) return undefined;
  const { at, phase } = next;
  const duties = ahead.filter((duty) => duty.at === at && duty.phase === phase).map(({ duty }) => duty);
  // Margin is looked at once, whether a bar or the session gives the occasion.
  return { at, phase, duties: duties.filter((duty) => duty !== "bar" || !duties.includes("close")) };
}

/** Borrowed cash or borrowed shares: only these can come to a call. */
export const isLeveraged = (account: Account): boolean => account.cash < 0n || account.shorts > 0;

/** Whether anything of an account is due at set times at all. */
export const hasDuties = (account: Account): boolean =>
  account.entitlements.size > 0 || hasCosts(account) || account.marginCallAt !== undefined;

function hasCosts(account: Account): boolean {
  const { sec, taf, cat, interest, borrow } = account.accruals;
  return sec !== 0n || taf !== 0n || cat !== 0n || interest !== 0n || borrow !== 0n || isLeveraged(account);
}

function dividendDuty(account: Account): DueDuty | undefined {
  let at: Instant | undefined;
  for (const { paysAt } of account.entitlements.values()) if (at === undefined || paysAt < at) at = paysAt;
  return at === undefined ? undefined : { at, phase: PHASE.corporate, duty: "dividend" };
}

function atEdge(done: Moment, edge: "close" | "sessionClose"): DueDuty | undefined {
  const isDone = done.phase >= PHASE.dayEnd;
  const day = firstTradingDay(instant(isDone ? done.at : done.at - 1), edge);
  if (day === undefined) return undefined;
  return { at: day[edge], phase: PHASE.dayEnd, duty: edge === "close" ? "close" : "session_close" };
}

function marginDuties(
  state: State,
  tape: Tape,
  { account, done }: { readonly account: Account; readonly done: Moment },
): readonly (DueDuty | undefined)[] {
  const close = atEdge(done, "close");
  if (state.config.marginCall !== "immediate") return [close];
  return [close, nextBarEnd(tape, account, done)];
}

/** The end of the next bar of anything that is held. */
function nextBarEnd(tape: Tape, account: Account, done: Moment): DueDuty | undefined {
  let at: Instant | undefined;
  for (const symbol of account.positions.keys()) {
    const running = tape.barAt(symbol, instant(done.at - 1));
    const isAhead =
      running !== undefined && (running.end > done.at || (running.end === done.at && done.phase < PHASE.dayEnd));
    const bar = isAhead && running.volume > 0 ? running : nextTraded(tape, symbol, done.at);
    if (bar !== undefined && (at === undefined || bar.end < at)) at = bar.end;
  }
  return at === undefined ? undefined : { at, phase: PHASE.dayEnd, duty: "bar" };
}

/** A bar without volume tells nothing (R21). */
function nextTraded(tape: Tape, symbol: string, from: Instant): Bar | undefined {
  let bar = tape.firstBar(symbol, from, { kind: "any" });
  while (bar !== undefined && bar.volume <= 0) bar = tape.firstBar(symbol, bar.end, { kind: "any" });
  return bar;
}

/** What an account does when duties are due. */
export function accountDuties(
  state: State,
  tape: Tape,
  { ordinal, duties, at }: { readonly ordinal: number; readonly duties: readonly Duty[]; readonly at: Instant },
): readonly EngineEvent[] {
  const account = accountOf(state, ordinal);
  const known = tape.knownAt(at);
  return duties.flatMap((duty) => dutyEvents(duty, { state, account, known, at }));
}

function dutyEvents(duty: Duty, check: MarginCheck): readonly EngineEvent[] {
  const { state, account, known, at } = check;
  switch (duty) {
    case "dividend":
      return payDividends(account, at);
    case "bar":
    case "close":
      return marginEvents(check);
    case "session_close": {
      const accrued = dailyCosts({ config: state.config, account, known, at });
      return [...accrued, ...monthlyPostings({ account, accrued, at }), ...postFees(account, at)];
    }
  }
}

function accountOf(state: State, ordinal: number): Account {
  return state.accounts[ordinal - 1] ?? missing("Invariant: a duty is that of an account that exists");
}
