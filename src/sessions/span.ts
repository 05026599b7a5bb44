/** The span of a session: forwards, and inside the exchange calendar. One without data is allowed. */
import { CALENDAR_FROM, CALENDAR_TO, newYorkDate } from "../calendar/index.ts";
import { formatInstant, refuse, type Instant, type Refusal } from "../kernel/index.ts";

/** Why a span cannot be a session's, or undefined. */
export function spanProblem(startTime: Instant, endTime: Instant): Refusal | undefined {
  const [start, end] = [formatInstant(startTime), formatInstant(endTime)];
  if (startTime >= endTime) return refuse("bad_request", `startTime must be before endTime, got ${start} and ${end}`);
  if (newYorkDate(startTime) >= CALENDAR_FROM && newYorkDate(endTime) <= CALENDAR_TO) return undefined;
  const calendar = `${CALENDAR_FROM} to ${CALENDAR_TO}`;
  return refuse(
    "bad_request",
    `startTime and endTime must lie in the exchange calendar, ${calendar}, got ${start} and ${end}`,
  );
}
