/** What a company's actions do to the accounts of a session, at the start of the ex-date (rules R39 to R44). */
import { effectiveAt } from "../../calendar/index.ts";
import { unreachable, type CorporateAction, type Instant } from "../../kernel/index.ts";
import type { EngineEvent } from "../event.ts";
import { compareMoments, PHASE, type Moment } from "../moment.ts";
import type { Tape } from "../ports.ts";
import type { State } from "../state.ts";
import type { Booking } from "./booking.ts";
import { closeAtLast, renameHoldings } from "./endings.ts";
import { entitle } from "./dividends.ts";
import { ordersOnDividend, ordersOnSplit, ordersOnEnd } from "./orders.ts";
import { splitHoldings } from "./splits.ts";

/** The next action of a company. */
export interface DueAction {
  readonly symbol: string;
  readonly action: CorporateAction;
  readonly at: Instant;
  /** Its place among the actions of the symbol. */
  readonly index: number;
}

/** The first action of a symbol that takes effect after what is done. */
export function nextAction(tape: Tape, symbol: string, done: Moment): DueAction | undefined {
  const actions = tape.actions(symbol);
  for (const [index, action] of actions.entries()) {
    const at = effectiveAt(action.exDate);
    if (at === undefined || at < done.at) continue;
    if (compareMoments({ at, phase: PHASE.corporate, symbol, order: index }, done) > 0)
      return { symbol, action, at, index };
  }
  return undefined;
}

/** Everything that an action does: first to the orders, then to the holdings, account by account. */
export function actionEvents(
  state: State,
  tape: Tape,
  { due, at }: { readonly due: DueAction; readonly at: Instant },
): readonly EngineEvent[] {
  return state.accounts.flatMap((account) => eventsFor({ state, account, tape, at }, due.action));
}

function eventsFor(booking: Booking, action: CorporateAction): readonly EngineEvent[] {
  switch (action.type) {
    case "split":
      return [...ordersOnSplit(booking, action), ...splitHoldings(booking, action)];
    case "cash_dividend":
      if (booking.state.config.dividends === "none") return [];
      return [...ordersOnDividend(booking, action), ...entitle(booking, action)];
    case "symbol_change":
      return [...ordersOnEnd(booking, action.symbol), ...renameHoldings(booking, action)];
    case "delisting":
    case "merger":
      return [...ordersOnEnd(booking, action.symbol), ...closeAtLast(booking, action)];
    default:
      return unreachable(action);
  }
}
