/** The span of a run: dates stand for the regular hours of the exchange. */
import { wrongUsage } from "../exit-codes.ts";
import { textOf } from "../http/server-client.ts";
import type { RunServer } from "./private-server.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** Longest closure of the exchange since 1990 is a week. */
const CLOSED_DAYS_MAX = 10;

export interface Span {
  readonly startTime: string;
  readonly endTime: string;
}

/** Throws CommandError for words that are no time; a time goes to the server as it is, which reads it. */
export async function spanOf(server: RunServer, from: string, to: string): Promise<Span> {
  return {
    startTime: DATE.test(from) ? await edgeOf(server, "from", from) : from,
    endTime: justAfter(DATE.test(to) ? await edgeOf(server, "to", to) : to),
  };
}

/** A bot may still trade on the bar that ends with the span: what comes with the end itself comes too late. */
function justAfter(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at + 1).toISOString();
}

/** The open of the first trading day from a date on, or the close of the last one up to it. */
async function edgeOf(server: RunServer, which: "from" | "to", date: string): Promise<string> {
  const near = which === "from" ? [date, daysFrom(date, CLOSED_DAYS_MAX)] : [daysFrom(date, -CLOSED_DAYS_MAX), date];
  const days = (await server.ask("GET", `/v1/calendar?start=${near[0]}&end=${near[1]}`)) as readonly unknown[];
  const day = which === "from" ? days[0] : days.at(-1);
  if (day === undefined) throw wrongUsage(`--${which}: the exchange's calendar has no trading day near ${date}`);
  const [on, clock] = [textOf(day, "date"), textOf(day, which === "from" ? "open" : "close")];
  return `${on}T${clock}:00${newYorkOffset(on)}`;
}

function daysFrom(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) throw wrongUsage(`got ${date}, wanted a date of the calendar`);
  return new Date(at + days * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length);
}

/** "-05:00" in winter. */
function newYorkOffset(date: string): string {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: "America/New_York", timeZoneName: "longOffset" });
  const name = format.formatToParts(new Date(`${date}T15:00:00Z`)).find(({ type }) => type === "timeZoneName");
  return name?.value.replace("GMT", "") ?? "-05:00";
}
