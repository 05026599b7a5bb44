/** Spans of dates that are offered: at the beginning of what all chosen symbols have. */
import type { Coverage } from "../api/types.ts";
import { exchangeDate } from "../format/times.ts";

export type Preset = "day" | "week" | "month" | "quarter" | "all";

export const PRESETS: readonly (readonly [Preset, string])[] = [
  ["day", "One day"],
  ["week", "A week"],
  ["month", "A month"],
  ["quarter", "A quarter"],
  ["all", "All of it"],
];

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Exclude<Preset, "all">, number>> = { day: 1, week: 7, month: 31, quarter: 92 };

export interface DateSpan {
  /** Dates in New York. */
  readonly from: string;
  readonly to: string;
}

/** The span of a preset; empty where the series have no day in common. */
export function spanOf(preset: Preset, series: readonly Pick<Coverage, "from" | "to">[], start?: string): DateSpan {
  const low = Math.max(...series.map(({ from }) => Date.parse(from)));
  const high = Math.min(...series.map(({ to }) => Date.parse(to) - 1));
  if (series.length === 0 || high < low) return { from: "", to: "" };
  const earliest = exchangeDate(low);
  const latest = exchangeDate(high);
  if (preset === "all") return { from: earliest, to: latest };
  const from = start !== undefined && start >= earliest && start <= latest ? start : earliest;
  const end = new Date(Date.parse(from) + (DAYS[preset] - 1) * DAY_MS).toISOString().slice(0, 10);
  return { from, to: end < latest ? end : latest };
}
