/** Wall times of a time zone as instants: what a clock on a wall shows once, twice, or never. */
import { AppError, DAY_MS, HOUR_MS, instant, type Instant } from "../../kernel/index.ts";

export interface Zone {
  /** IANA name, such as "America/New_York". */
  readonly name: string;
  /** `localMs`: milliseconds from 1970-01-01T00:00 on the zone's walls. Clocks that change skip times and show others twice. */
  readonly toInstant: (localMs: number) => Instant | "skipped" | "twice";
}

export const UTC: Zone = { name: "UTC", toInstant: instant };

/** Throws AppError "bad_argument" where the machine does not know the zone. */
export function openZone(name: string): Zone {
  if (name === "UTC" || name === "Etc/UTC") return UTC;
  const offsetAt = offsets(name);
  const days = new Map<number, { readonly before: number; readonly after: number }>();
  return {
    name,
    toInstant: (localMs) => {
      const day = Math.floor(localMs / DAY_MS);
      let around = days.get(day);
      if (around === undefined) {
        around = { before: offsetAt((day - 1) * DAY_MS), after: offsetAt((day + 2) * DAY_MS) };
        days.set(day, around);
      }
      const { before, after } = around;
      if (before === after) return instant(localMs - before);
      const candidates = [before, after].filter((offset) => offsetAt(localMs - offset) === offset);
      const [first] = candidates;
      if (first === undefined) return "skipped";
      return candidates.length === 1 ? instant(localMs - first) : "twice";
    },
  };
}

export const NEW_YORK = openZone("America/New_York");

/** What the zone adds to UTC, in milliseconds, by the machine's time-zone database. */
function offsets(name: string): (at: number) => number {
  const format = formatIn(name);
  const known = new Map<number, number>();
  return (at) => {
    // No zone has changed its clocks within a half hour of UTC since 1990.
    const half = Math.floor(at / (HOUR_MS / 2));
    let offset = known.get(half);
    if (offset === undefined) {
      offset = offsetOf(format, half * (HOUR_MS / 2));
      known.set(half, offset);
    }
    return offset;
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    const wanted = "wanted an IANA name such as America/New_York, Europe/London or UTC";
    throw new AppError("bad_argument", `--timezone: got ${JSON.stringify(timeZone)}, ${wanted}`, error);
  }
}

function offsetOf(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - at;
}
