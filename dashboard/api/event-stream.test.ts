import { describe, expect, it } from "vitest";
import { ApiError } from "./errors.ts";
import { createEventParser, followEvents, type StreamEvent } from "./event-stream.ts";

const TEXT = ': heartbeat\n\nid: 1-2-3\nevent: fill\ndata: {"qty":"10"}\n\ndata: [1]\n\nid: 4';

describe("the parser of events", () => {
  it("gives the same events however the text is cut", () => {
    const wanted = [
      { id: "1-2-3", type: "fill", data: { qty: "10" } },
      { id: undefined, type: "message", data: [1] },
    ];
    for (const size of [1, 2, 7, 1000]) {
      const parse = createEventParser();
      const found: StreamEvent[] = [];
      for (let from = 0; from < TEXT.length; from += size) found.push(...parse(TEXT.slice(from, from + size)));
      expect(found).toEqual(wanted);
    }
  });
});

describe("a stream that is followed", () => {
  it("is opened again after the last event when it breaks off, and ends with a refusal", async () => {
    const asked: (string | undefined)[] = [];
    const states: string[] = [];
    const found: unknown[] = [];
    await new Promise<void>((resolve) => {
      followEvents({
        open: (lastEventId) => {
          asked.push(lastEventId);
          if (asked.length === 3) return Promise.reject(new ApiError("session not found", 404, 40_410_000));
          return Promise.resolve(new Response(`id: ${asked.length}\ndata: ${asked.length}\n\n`));
        },
        onEvents: (events) => found.push(...events.map(({ data }) => data)),
        onState: (state) => {
          states.push(state);
          if (state === "refused") resolve();
        },
      });
    });
    expect(asked).toEqual([undefined, "1", "2"]);
    expect(found).toEqual([1, 2]);
    expect(states).toEqual(["open", "waiting", "open", "waiting", "refused"]);
  });
});
