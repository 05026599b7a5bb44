/** What every company action works with: one account at the moment at which the action takes effect. */
import { firstTradingDay, newYorkMidnight, type TradingDay } from "../../calendar/index.ts";
import { instant, type CivilDate, type Instant } from "../../kernel/index.ts";
import type { Tape } from "../ports.ts";
import type { Account, State } from "../state.ts";

/** One action and one account. */
export interface Booking {
  readonly state: State;
  readonly account: Account;
  readonly tape: Tape;
  readonly at: Instant;
}

/** The session open of the first trading day that is not before a date; undefined after the calendar's end. */
export function effectiveAt(date: CivilDate): Instant | undefined {
  const day: TradingDay | undefined = firstTradingDay(instant(newYorkMidnight(date) - 1), "sessionOpen");
  return day?.sessionOpen;
}
