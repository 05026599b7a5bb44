/** How long to wait before a request is made again. */
import { MINUTE_MS, SECOND_MS } from "../../kernel/index.ts";

const FIRST_MS = 1000;
const LONGEST_MS = MINUTE_MS;

/** Doubles with each try from one second to a minute; half of it is chance, so that many clients do not come at once. */
export function backOffMs(triesMade: number, chance: number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (triesMade - 1));
  return Math.round(fullMs / 2 + (fullMs / 2) * chance);
}

/** What the provider itself asks for: Retry-After (seconds or a date), else X-RateLimit-Reset (epoch seconds). */
export function askedWaitMs(headers: Headers, nowMs: number): number | undefined {
  const after = headers.get("retry-after");
  if (after !== null) {
    const ms = /^\d+(\.\d+)?$/.test(after.trim()) ? Number(after) * SECOND_MS : Date.parse(after) - nowMs;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  const reset = headers.get("x-ratelimit-reset");
  if (reset === null || !/^\d+$/.test(reset.trim())) return undefined;
  return Math.max(0, Number(reset) * SECOND_MS - nowMs);
}
