/** Protection from day-trade margin calls, until 2026-06-04: what a pattern day trader opens or closes beyond its power (R38). */
import { cash, formatUnits, NO_CASH, refuse, type Cash, type Refusal } from "../../kernel/index.ts";
import { newYorkDate } from "../../calendar/index.ts";
import { isOpening } from "../accounts/funds.ts";
import { isOpenedToday } from "../accounts/day-trades.ts";
import { dayTradingFigures, patternDaytradingPower } from "../accounts/figures.ts";
import { lastFigures } from "../accounts/last-close.ts";
import { openedToday } from "../accounts/opened-today.ts";
import { hasPdtRules } from "../models/dated-rules.ts";
import type { Submission } from "./submit.ts";

type Asked = Pick<Submission, "state" | "account" | "known" | "terms" | "replaced" | "source">;

/** Whether an account is watched at all. */
export const hasDayTradingPower = ({ state, account }: Pick<Asked, "state" | "account">): boolean =>
  account.isPatternDayTrader && hasPdtRules(state.config, state.clock);

/** `dtbp_check` entry and both: an opening order for more than is left of the day's power. */
export function entryPowerProblem(asked: Asked, cost: Cash | undefined): Refusal | undefined {
  const { state, account, known, replaced } = asked;
  if (cost === undefined || !hasDayTradingPower(asked) || account.configuration.dtbpCheck === "exit") return undefined;
  const { multiplier, daytradingBuyingPower } = dayTradingFigures(state, account, known);
  const power = cash(daytradingBuyingPower + (replaced?.reserved ?? NO_CASH));
  return multiplier !== 4 || cost <= power ? undefined : beyond(power, { cost_basis: formatUnits(cost) });
}

/** `dtbp_check` exit and both: a day trade while more is open of today than the day began with. */
export function exitPowerProblem(asked: Asked): Refusal | undefined {
  const { state, account, known, terms, source } = asked;
  if (!hasDayTradingPower(asked) || account.configuration.dtbpCheck === "entry" || source !== undefined)
    return undefined;
  const isDayTrade = isOpenedToday(account.dayTrades, newYorkDate(state.clock), terms.symbol);
  if (!isDayTrade || isOpening(account, terms)) return undefined;
  if (dayTradingFigures(state, account, known).multiplier !== 4) return undefined;
  const power = cash(patternDaytradingPower(lastFigures(state, account, known)));
  return openedToday(state, account) <= power ? undefined : beyond(power, {});
}

const beyond = (power: Cash, details: Readonly<Record<string, string>>): Refusal =>
  refuse("order_refused", "insufficient day-trading buying power", {
    daytrading_buying_power: formatUnits(power),
    ...details,
  });
