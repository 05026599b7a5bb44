/** What every company action works with: one account at the moment at which the action takes effect. */
import type { Instant } from "../../kernel/index.ts";
import type { Tape } from "../ports.ts";
import type { Account, State } from "../state.ts";

/** One action and one account. */
export interface Booking {
  readonly state: State;
  readonly account: Account;
  readonly tape: Tape;
  readonly at: Instant;
}
