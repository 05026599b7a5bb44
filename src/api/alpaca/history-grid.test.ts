import { describe, expect, it } from "vitest";
import { formatInstant, isRefusal, parseInstant, type Instant } from "../../kernel/index.ts";
import { formatNewYork } from "../../calendar/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import type { Query } from "../wire/query.ts";
import { historyWindows } from "./history-grid.ts";
import { parseHistoryQuery } from "./history-query.ts";

const time = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};

function queryOf(search: string): Query {
  const params = new URLSearchParams(search);
  return {
    text: (field) => params.get(field) ?? undefined,
    list: (field) => params.get(field)?.split(","),
  };
}

const OPENED = "2023-01-03T09:30:00Z";

/** Labels in New York, with what is beside them. */
function grid(search: string, now: string, openedAt = OPENED) {
  const request = parseHistoryQuery(queryOf(search), time(now));
  const windows = historyWindows(request, { openedAt: time(openedAt), now: time(now) });
  return {
    timeframe: request.timeframe,
    count: windows.length,
    labels: windows.map(({ label }) => formatNewYork(label).slice(0, 16)),
    first: windows[0],
    last: windows.at(-1),
    windows,
  };
}

function problem(search: string): string {
  try {
    parseHistoryQuery(queryOf(search), time("2023-02-01T15:00:00Z"));
    return "none";
  } catch (error) {
    const refusal = error instanceof RefusedRequest ? error.refusal : undefined;
    return isRefusal(refusal) ? `${refusal.reason}: ${refusal.message}` : String(error);
  }
}

describe("the windows of a portfolio history", () => {
  it.each([
    ["", "1D"],
    ["period=1D", "1Min"],
    ["period=6D", "1Min"],
    ["period=1W", "15Min"],
    ["period=29D", "15Min"],
    ["period=1M", "1D"],
    ["period=1A", "1D"],
    ["start=2023-01-31&end=2023-02-01", "1Min"],
    ["start=2023-01-03", "15Min"],
    ["date_start=2022-12-01", "1D"],
    ["since_midnight=true", "1Min"],
  ])("of %j are %s apart, where nothing else is asked for", (search, timeframe) => {
    expect(grid(search, "2023-02-01T15:00:00Z").timeframe).toBe(timeframe);
  });

  it("are trading days under their New York midnight, valued at the close, the running one now", () => {
    const { labels, windows } = grid("period=1W&timeframe=1D", "2023-01-18T15:00:00Z");
    expect(labels).toEqual(["2023-01-12T00:00", "2023-01-13T00:00", "2023-01-17T00:00", "2023-01-18T00:00"]);
    expect(windows.map(({ at }) => formatInstant(at))).toEqual([
      "2023-01-12T21:00:00Z",
      "2023-01-13T21:00:00Z",
      "2023-01-17T21:00:00Z",
      "2023-01-18T15:00:00Z",
    ]);
  });

  it.each([
    ["market_hours", "2023-01-18T14:29:00Z", "2023-01-17T00:00"],
    ["market_hours", "2023-01-18T14:30:00Z", "2023-01-18T00:00"],
    ["extended_hours", "2023-01-18T08:59:00Z", "2023-01-17T00:00"],
    ["extended_hours", "2023-01-18T09:00:00Z", "2023-01-18T00:00"],
    ["continuous", "2023-01-18T05:00:00Z", "2023-01-18T00:00"],
    ["continuous", "2023-01-21T15:00:00Z", "2023-01-20T00:00"],
  ])("take in today, with %s, as of its hours: at %s the last is %s", (reporting, now, last) => {
    expect(grid(`timeframe=1D&intraday_reporting=${reporting}`, now).labels.at(-1)).toBe(last);
  });

  it("begin with the account, and are none before there is anything to show", () => {
    expect(grid("period=1M&timeframe=1D", "2023-01-05T15:00:00Z").labels).toEqual([
      "2023-01-03T00:00",
      "2023-01-04T00:00",
      "2023-01-05T00:00",
    ]);
    expect(grid("period=1D", "2023-01-03T10:00:00Z").count).toBe(0);
    const late = grid("period=1D&timeframe=1H", "2023-01-03T20:00:00Z", "2023-01-03T18:10:00Z");
    expect(late.labels).toEqual(["2023-01-03T12:30", "2023-01-03T13:30", "2023-01-03T14:30"]);
    expect(grid("period=9999A", "2023-01-05T15:00:00Z").count).toBe(3);
  });

  it("of a whole day count from the open to the close, which has a point of its own", () => {
    const quarter = grid("period=1D&timeframe=15Min", "2023-01-17T22:00:00Z");
    expect([quarter.count, quarter.labels[0], quarter.labels.at(-1)]).toEqual([
      27,
      "2023-01-17T09:30",
      "2023-01-17T16:00",
    ]);
    const hours = grid("period=1D&timeframe=1H", "2023-01-17T22:00:00Z");
    expect([hours.count, hours.labels[0], hours.labels.at(-1)]).toEqual([7, "2023-01-17T09:30", "2023-01-17T15:30"]);
    const extended = grid("period=1D&timeframe=5Min&extended_hours=True", "2023-01-18T02:00:00Z");
    expect([extended.count, extended.labels[0], extended.labels.at(-1)]).toEqual([
      193,
      "2023-01-17T04:00",
      "2023-01-17T20:00",
    ]);
  });

  it("keep early closes", () => {
    const half = grid("period=1D&timeframe=15Min", "2023-11-25T15:00:00Z");
    expect([half.count, half.labels[0], half.labels.at(-1)]).toEqual([15, "2023-11-24T09:30", "2023-11-24T13:00"]);
  });

  it("end with the one that runs, valued now", () => {
    const { labels, last } = grid("period=1D&timeframe=15Min", "2023-01-17T15:07:30Z");
    expect(labels).toEqual(["2023-01-17T09:30", "2023-01-17T09:45", "2023-01-17T10:00"]);
    expect(formatInstant(last?.at ?? time(OPENED))).toBe("2023-01-17T15:07:30Z");
  });

  it("begin with the session of start, or with the next one", () => {
    const now = "2023-01-20T22:00:00Z";
    expect(grid("start=2023-01-18T17:00:00Z&timeframe=1H", now).labels[0]).toBe("2023-01-18T09:30");
    expect(grid("start=2023-01-18T21:30:00Z&timeframe=1H", now).labels[0]).toBe("2023-01-19T09:30");
    expect(grid("start=2023-01-14&timeframe=1D", now).labels[0]).toBe("2023-01-17T00:00");
    expect(grid("start=2023-01-18T21:30:00Z&timeframe=1D", now).labels[0]).toBe("2023-01-18T00:00");
  });

  it("end with end: a time within its window, a date with all of its day, a period after start", () => {
    const now = "2023-01-20T22:00:00Z";
    const timed = grid("start=2023-01-18&end=2023-01-19T10:07:00-05:00&timeframe=15Min", now);
    expect(timed.labels.at(-1)).toBe("2023-01-19T10:00");
    expect(formatNewYork(timed.last?.at ?? time(OPENED)).slice(0, 16)).toBe("2023-01-19T10:15");
    expect(grid("start=2023-01-18&date_end=2023-01-19&timeframe=1D", now).labels).toEqual([
      "2023-01-18T00:00",
      "2023-01-19T00:00",
    ]);
    expect(grid("start=2023-01-18&period=1D&timeframe=1H", now).labels.at(-1)).toBe("2023-01-18T15:30");
    expect(grid("start=2023-02-18&timeframe=1D", now).count).toBe(0);
    expect(grid("end=2023-02-18&timeframe=1D", now).labels.at(-1)).toBe("2023-01-20T00:00");
  });

  it("go on day and night where they are continuous, at the close's prices from ten in the evening", () => {
    const { count, labels, windows } = grid(
      "start=2023-01-13T20:30:00Z&timeframe=1H&intraday_reporting=continuous",
      "2023-01-17T10:30:00Z",
    );
    expect([count, labels[0], labels.at(-1)]).toEqual([87, "2023-01-13T15:00", "2023-01-17T05:00"]);
    const pricedAt = (label: string): string | undefined => {
      const found = windows[labels.indexOf(label)];
      return found === undefined ? undefined : formatNewYork(found.pricedAt).slice(0, 16);
    };
    expect(pricedAt("2023-01-13T20:00")).toBe("2023-01-13T21:00");
    expect(pricedAt("2023-01-13T21:00")).toBe("2023-01-13T16:00");
    expect(pricedAt("2023-01-15T12:00")).toBe("2023-01-13T16:00");
    expect(pricedAt("2023-01-17T02:00")).toBe("2023-01-13T16:00");
    expect(pricedAt("2023-01-17T03:00")).toBe("2023-01-17T04:00");
    expect(windows[labels.indexOf("2023-01-15T12:00")]?.date).toBe("2023-01-13");
    expect(windows[labels.indexOf("2023-01-17T00:00")]?.date).toBe("2023-01-17");
  });

  it("keep the hours of New York when clocks change", () => {
    const { labels } = grid(
      "period=4D&timeframe=1H&intraday_reporting=continuous",
      "2023-03-13T16:30:00Z",
      "2023-01-03T09:30:00Z",
    );
    expect(labels[0]).toBe("2023-03-09T12:00");
    expect(labels.filter((label) => label.startsWith("2023-03-12"))).toHaveLength(23);
    expect(labels.at(-1)).toBe("2023-03-13T12:00");
  });
});

describe("a query for a portfolio history", () => {
  it.each([
    ["period=1M&start=2023-01-03&end=2023-01-04", "invalid_order_parameter: at most two of start, end and period"],
    ["start=2023-01-04&end=2023-01-03", "invalid_order_parameter: start must not be after end"],
    ["period=2M&timeframe=1H", "invalid_order_parameter: timeframe must be 1D for more than 30 days, got 1H"],
    ["start=2022-01-04&timeframe=15Min", "invalid_order_parameter: timeframe must be 1D"],
    ["period=1Y", 'bad_request: period must be a number and D, W, M or A, such as 1M, got "1Y"'],
    ["period=0D", "bad_request: period must be"],
    ["timeframe=1Hour", "bad_request: timeframe must be one of 1Min, 5Min, 15Min, 1H, 1D"],
    ["intraday_reporting=always", "bad_request: intraday_reporting must be one of"],
    ["pnl_reset=weekly", "bad_request: pnl_reset must be one of"],
    ["extended_hours=yes", "bad_request: extended_hours must be true or false"],
    ["start=2023-01-03T10:00:00", "bad_request: start must have an offset"],
    ["end=soon", "bad_request: end must be an RFC 3339 time"],
    ["cashflow_types=CSD,GIFT", "invalid_order_parameter: cashflow_types must be ALL, NONE or of"],
    ["period=1M&timeframe=1H", "none"],
    ["period=9999A", "none"],
    ["cashflow_types=NONE", "none"],
  ])("%j: %s", (search, message) => {
    expect(problem(search)).toContain(message);
  });
});
