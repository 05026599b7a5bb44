/** What is refused while the data that a session has used is no longer the same. */
import type { Command } from "../engine/index.ts";
import { refuse, type Refusal } from "../kernel/index.ts";
import type { ChangedDay } from "./tape-pins.ts";

/** Days that a message names. */
const DAYS_NAMED = 3;

/** Commands that would go on from one past with the bars of another. */
const NEEDING = new Set<Command["kind"]>(["advance", "play", "submit_order", "replace_order", "close_position"]);

export const needsData = ({ kind }: Command): boolean => NEEDING.has(kind);

export function dataChanged(days: readonly ChangedDay[]): Refusal {
  const advice = "import the former bars again, or accept those there are now (accept-data)";
  return refuse("data_changed", `bars that this session has used have changed: ${describeDays(days)}; ${advice}`);
}

/** "AAPL 2024-03-05, MSFT 2024-03-05 and 7 days more". */
export function describeDays(days: readonly ChangedDay[]): string {
  const named = days.slice(0, DAYS_NAMED).map(({ symbol, date }) => `${symbol} ${date}`);
  const more = days.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} ${more === 1 ? "day" : "days"} more` : named.join(", ");
}
