/** Rules of the broker that changed at a date: the session's date decides, not today's. */
import { newYorkMidnight } from "../../calendar/index.ts";
import type { CivilDate, Instant } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";

/** FINRA Regulatory Notice 26-10: the pattern-day-trader rules end, margin is watched through the day. */
const INTRADAY_MARGIN_FROM = newYorkMidnight("2026-06-04" as CivilDate);

/** Alpaca takes extended-hours orders that are good till canceled. */
const EXTENDED_GTC_FROM = newYorkMidnight("2026-07-01" as CivilDate);

/** Alpaca's present table of maintenance margins. */
const MAINTENANCE_2026_FROM = newYorkMidnight("2026-09-01" as CivilDate);

/** Whether the pattern-day-trader rules apply (R38). */
export function hasPdtRules(config: EngineConfig, at: Instant): boolean {
  if (config.pdt === "none") return false;
  return config.pdt === "legacy" || at < INTRADAY_MARGIN_FROM;
}

/** Whether buying power follows the margin of the moment, up to four times its excess (Alpaca since 2026-06-04). */
export function hasIntradayMargin(config: EngineConfig, at: Instant): boolean {
  return config.pdt !== "legacy" && at >= INTRADAY_MARGIN_FROM;
}

export const allowsExtendedGtc = (at: Instant): boolean => at >= EXTENDED_GTC_FROM;

export const hasMaintenanceOf2026 = (at: Instant): boolean => at >= MAINTENANCE_2026_FROM;
