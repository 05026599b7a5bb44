/** How long to wait before a request is made again. */
import { MINUTE_MS, SECOND_MS } from "../../kernel/index.ts";

const FIRST_MS = 1000;
const LONGEST_MS = MINUTE_MS;

/** Doubles with each try from one second to a minute; half of it is chance, so that many clients do not come at once. */
export function backOffMs(triesMade: number, chance: number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (triesMade - 1));
  return Math.round(fullMs / 2 + (fullMs / 2) * chance);
}

/** What the provider itself asks for in Retry-After (seconds or a date); undefined where it says nothing. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const after = headers.get("retry-after")?.trim() ?? "";
  const ms = /^\d+(\.\d+)?$/.test(after) ? Number(after) * SECOND_MS : Date.parse(after) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** When a limit of requests ends, by X-RateLimit-Reset (epoch seconds); undefined where it is not said. */
export function limitResetMs(headers: Headers, nowMs: number): number | undefined {
  const reset = headers.get("x-ratelimit-reset")?.trim() ?? "";
  return /^\d+$/.test(reset) ? Math.max(0, Number(reset) * SECOND_MS - nowMs) : undefined;
}
