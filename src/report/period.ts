/** The period of a report: which days its figures are about. */
import type { CivilDate } from "../kernel/index.ts";
import type { ReportInput } from "./input.ts";
import { tellable } from "./metric.ts";
import type { Sample } from "./sample.ts";

/** Raised when a key comes to mean something else, or to be computed otherwise. */
const DEFINITION_VERSION = 1;

export interface Period {
  readonly definition_version: number;
  /** Dates are null where there are no sessions. */
  readonly start: CivilDate | null;
  readonly first: CivilDate | null;
  readonly last: CivilDate | null;
  readonly sessions: number;
  readonly days: number;
  readonly calendar_days: number;
  readonly risk_free: number | null;
}

export const PERIOD_DEFINITIONS: Readonly<Record<keyof Period, string>> = {
  definition_version: "Version of these definitions: only figures of one version may be compared.",
  start: "The session before the first, at whose close the start equity stood.",
  first: "The first session.",
  last: "The last session.",
  sessions: "Sessions that were given, flat ones included.",
  days: "Daily returns, n: (equity − the day's flow) / equity of the day before − 1, at the regular close.",
  calendar_days: "Calendar days from start to the last session with a return.",
  risk_free: "Yearly risk-free rate R, as a ratio; the daily one d is (1 + R)^(1/252) − 1.",
};

/** The period of an input and its sample. */
export function periodOf({ points }: ReportInput, { path, returns, calendarDays, riskFree }: Sample): Period {
  return {
    definition_version: DEFINITION_VERSION,
    start: path[0]?.date ?? null,
    first: points[0]?.date ?? null,
    last: points.at(-1)?.date ?? null,
    sessions: points.length,
    days: returns.length,
    calendar_days: calendarDays,
    risk_free: tellable(riskFree),
  };
}
