/** The order of events at one instant (rule R5): phase, then symbol, then order. */
import type { Instant } from "../kernel/index.ts";

/** The steps of one instant, in the order in which they happen. */
export const PHASE = {
  /** Corporate actions and dividends paid, before anything else of a day. */
  corporate: 0,
  /** Start-of-day work: the venue opens for an order. */
  start: 1,
  /** Bars that end now: what depends on high, low, close or volume is decided. */
  barEnd: 2,
  /** The closing auction. */
  auction: 3,
  /** Time in force ends. */
  expiry: 4,
  /** End-of-day work: margin, interest, fees. */
  dayEnd: 5,
  /** Client commands, in arrival order. */
  command: 6,
  /** Bars that start now: their open is traded. */
  barOpen: 7,
  /** Immediate-or-cancel orders and the opening auction, as far as the open did not serve them. */
  leftover: 8,
} as const;

export type Phase = (typeof PHASE)[keyof typeof PHASE];

export interface Moment {
  readonly at: Instant;
  readonly phase: Phase;
  readonly symbol: string;
  /** Rank of the order, the last tie-break: its ordinal, for members of a group a fraction more. */
  readonly order: number;
}

/** Negative if `a` comes first. Symbols compare in byte order. */
export function compareMoments(a: Moment, b: Moment): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.symbol !== b.symbol) return a.symbol < b.symbol ? -1 : 1;
  return a.order - b.order;
}

/** Where a standing clock is: all of the instant up to the commands is done, its opens are pending (R7). */
export const standingAt = (at: Instant): Moment => ({ at, phase: PHASE.command, symbol: "\uffff", order: Infinity });

/** Whether an advance to `until` still includes the moment: at `until` itself opens stay pending (R7). */
export function isWithin(moment: Moment, until: Instant): boolean {
  return moment.at < until || (moment.at === until && moment.phase < PHASE.command);
}
