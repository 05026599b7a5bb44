/** Times as text, in exchange time unless the reader chose otherwise; and the way from New York's clock to an instant. */
import { NOTHING } from "./numbers.ts";

/** The exchange's zone, UTC, or that of the reader's machine. */
export type Zone = "exchange" | "utc" | "local";

const NEW_YORK = "America/New_York";

type Part = "weekday" | "year" | "month" | "day" | "hour" | "minute" | "second";
type Parts = Readonly<Record<Part, string>>;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string | undefined): Intl.DateTimeFormat {
  const key = timeZone ?? "";
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    ...(timeZone === undefined ? {} : { timeZone }),
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  formats.set(key, made);
  return made;
}

const timeZoneOf = (zone: Zone): string | undefined =>
  zone === "exchange" ? NEW_YORK : zone === "utc" ? "UTC" : undefined;

function partsOf(at: number, zone: Zone): Parts {
  const found: Record<string, string> = {};
  for (const { type, value } of formatIn(timeZoneOf(zone)).formatToParts(at)) found[type] = value;
  return found as Parts;
}

/** How a zone is written beside a time. */
export const zoneName = (zone: Zone): string => (zone === "exchange" ? "ET" : zone === "utc" ? "UTC" : "local");

/** Tue 05 Mar 2024. */
export function dayText(at: number | undefined, zone: Zone = "exchange"): string {
  if (at === undefined || Number.isNaN(at)) return NOTHING;
  const { weekday, day, month, year } = partsOf(at, zone);
  return `${weekday} ${day} ${month} ${year}`;
}

/** 10:41, or 10:41:08 with seconds. */
export function timeText(at: number | undefined, zone: Zone = "exchange", hasSeconds = false): string {
  if (at === undefined || Number.isNaN(at)) return NOTHING;
  const { hour, minute, second } = partsOf(at, zone);
  return hasSeconds ? `${hour}:${minute}:${second}` : `${hour}:${minute}`;
}

/** Tue 05 Mar 24 10:41: short enough for a table. */
export function momentText(at: number | undefined, zone: Zone = "exchange"): string {
  if (at === undefined || Number.isNaN(at)) return NOTHING;
  const { weekday, day, month, year, hour, minute } = partsOf(at, zone);
  return `${weekday} ${day} ${month} ${year.slice(2)} ${hour}:${minute}`;
}

/** 5:18:52, 3 d 04:10: how long until something. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600)];
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = two(Math.floor((seconds % 3600) / 60));
  return days > 0 ? `${days} d ${two(hours)}:${minutes}` : `${hours}:${minutes}:${two(seconds % 60)}`;
}

/** 60× as what it does: 1 min/s. */
export function speedText(speed: number): string {
  if (speed < 60) return `${rounded(speed)} s/s`;
  if (speed < 3600) return `${rounded(speed / 60)} min/s`;
  if (speed < 86_400) return `${rounded(speed / 3600)} h/s`;
  return `${rounded(speed / 86_400)} d/s`;
}

const rounded = (value: number): string => String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

/** The date in New York at an instant: 2024-03-05. */
export function exchangeDate(at: number): string {
  const shifted = new Date(at + offsetAt(at));
  return shifted.toISOString().slice(0, 10);
}

/** Seconds since 1970 as if New York's clock were UTC: what a chart without time zones is fed. */
export const exchangeSeconds = (at: number): number => Math.floor((at + offsetAt(at)) / 1000);

/** The instant at which New York's clock shows a date and a time; of an hour that comes twice, the first. */
export function exchangeInstant(date: string, time: string): number {
  const shown = Date.parse(`${date}T${time.length === 5 ? time : `${time.slice(0, 2)}:${time.slice(2, 4)}`}:00Z`);
  const guess = shown - offsetAt(shown);
  return shown - offsetAt(guess - 1);
}

/** RFC 3339 with New York's offset: 2024-03-05T09:30:00-05:00. */
export function exchangeIso(at: number): string {
  const offset = offsetAt(at);
  const hours = String(Math.abs(offset) / 3_600_000).padStart(2, "0");
  return `${new Date(at + offset).toISOString().slice(0, 19)}${offset < 0 ? "-" : "+"}${hours}:00`;
}

const offsets = new Map<number, number>();

/** Milliseconds that New York's clock is ahead of UTC; it changes on the hour. */
function offsetAt(at: number): number {
  const hour = Math.floor(at / 3_600_000);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const { year, month, day, hour: shown, minute, second } = partsOf(at, "exchange");
  const asUtc = Date.parse(`${day} ${month} ${year} ${shown}:${minute}:${second} UTC`);
  const offset = asUtc - Math.floor(at / 1000) * 1000;
  if (offsets.size > 20_000) offsets.clear();
  offsets.set(hour, offset);
  return offset;
}
