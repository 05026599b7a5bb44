import { describe, expect, it } from "vitest";
import { backOffMs, limitResetMs, retryAfterMs } from "./back-off.ts";

const NOW = Date.parse("2024-03-15T16:00:00Z");

describe("the wait before another try", () => {
  it.each([
    [1, 0, 500],
    [1, 1, 1000],
    [2, 0.5, 1500],
    [6, 1, 32_000],
    [7, 1, 60_000],
    [40, 0, 30_000],
  ])("after %d tries, with a chance of %d, is %d ms", (tries, chance, wanted) => {
    expect(backOffMs(tries, chance)).toBe(wanted);
  });
});

describe("the wait that a provider asks for", () => {
  it.each([
    ["30", 30_000],
    ["0", 0],
    ["1.5", 1500],
    ["Fri, 15 Mar 2024 16:00:20 GMT", 20_000],
    ["Fri, 15 Mar 2024 15:00:00 GMT", 0],
    ["soon", undefined],
    ["-5x", undefined],
    ["", undefined],
  ])("in Retry-After %j is %s ms", (text, wanted) => {
    expect(retryAfterMs(new Headers({ "retry-after": text }), NOW)).toBe(wanted);
  });

  it.each([
    [String(NOW / 1000 + 12), 12_000],
    [String(NOW / 1000 - 12), 0],
    ["later", undefined],
  ])("in X-RateLimit-Reset %s is %s ms", (text, wanted) => {
    expect(limitResetMs(new Headers({ "x-ratelimit-reset": text }), NOW)).toBe(wanted);
  });

  it("is none where it says nothing", () => {
    expect([retryAfterMs(new Headers(), NOW), limitResetMs(new Headers(), NOW)]).toEqual([undefined, undefined]);
  });
});
