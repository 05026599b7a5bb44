import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BARS, desk, stamps, truth } from "./download-fixture.ts";
import { send, type Mischief } from "./provider-fixture.ts";

/** What may happen to a request; "kill" ends the download there, as a lost machine would. */
const EVENTS: Readonly<Record<string, Mischief>> = {
  well: () => false,
  limited: (_, response) => (send(response, 429, {}, { "retry-after": "3" }), true),
  broken: (_, response) => (send(response, 502, "<html>"), true),
  short: (_, response) => (send(response, 200, '{"status":"OK","results":[{"t":1'), true),
  odd: (_, response) => (send(response, 200, { status: "OK", results: [{ t: "x" }], bars: [] }), true),
  reset: (request) => (request.socket.destroy(), true),
};

const event = fc.constantFrom(...Object.keys(EVENTS), "well", "well", "kill");

describe("a download through whatever happens", () => {
  it.each(["alpaca", "polygon"])("from %s has each bar once in the end", async (provider) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (events, pageSize) => {
          const { market, server, run } = await desk(BARS, pageSize);
          let stop = new AbortController();
          const kill: Mischief = () => (stop.abort(), true);
          server.mischief.push(...events.map((name) => EVENTS[name] ?? kill));
          for (let runs = 0; ; runs += 1) {
            stop = new AbortController();
            const report = await run({ provider, signal: stop.signal });
            const there = await (market.describe().length === 0 ? [] : stamps(market));
            // What is there is always a beginning of the truth: whole stretches, oldest first.
            expect(there).toEqual(truth().slice(0, there.length));
            if (report.fault === undefined) break;
            expect(runs).toBeLessThan(events.length);
          }
          expect(await stamps(market)).toEqual(truth());
          expect(await run({ provider })).toMatchObject({ requests: 0 });
        },
      ),
      { numRuns: 20 },
    );
  });
});
