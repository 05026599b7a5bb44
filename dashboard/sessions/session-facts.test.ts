import { expect, it } from "vitest";
import type { Session } from "../api/types.ts";
import { asForest, filtered, progressOf, standingOf, titleOf } from "./session-facts.ts";

const session = (changes: Partial<Session>): Session =>
  ({ id: "5f0c1234-aaaa", name: "Q1 breakout", status: "active", playback_state: "paused", ...changes }) as Session;

it("a session stands in one word", () => {
  expect([
    standingOf(session({ playback_state: "playing" })),
    standingOf(session({})),
    standingOf(session({ status: "completed" })),
    standingOf(session({ status: "failed", playback_state: "playing" })),
  ]).toEqual(["playing", "paused", "finished", "failed"]);
});

it("its progress is the share of its time", () => {
  const times = { simulation_start: "2023-01-01T00:00:00Z", simulation_end: "2023-01-05T00:00:00Z" };
  expect(progressOf({ ...times, current_time: "2023-01-02T00:00:00Z" })).toBe(0.25);
  expect(progressOf({ ...times, current_time: "2023-02-02T00:00:00Z" })).toBe(1);
});

it("without a name it goes by the beginning of its id", () => {
  expect([titleOf(session({})), titleOf(session({ name: null }))]).toEqual(["Q1 breakout", "session 5f0c1234"]);
});

it("the list is filtered by words of name and id, and by state", () => {
  const all = [session({}), session({ name: "gap fade", status: "completed" })];
  expect(filtered(all, { text: "", standing: "all" })).toEqual(all);
  expect(filtered(all, { text: "BREAK q1", standing: "all" })).toEqual([all[0]]);
  expect(filtered(all, { text: "5f0c", standing: "finished" })).toEqual([all[1]]);
});

it("forks stand under what they were forked from, where that is listed", () => {
  const of = (id: string, parent?: string): Session =>
    ({ id, ...(parent === undefined ? {} : { parent_id: parent }) }) as Session;
  const listed = [of("b2", "b"), of("c", "gone"), of("b1", "b"), of("b"), of("b11", "b1"), of("a")];
  expect(asForest(listed).map((placed) => [placed.session.id, placed.depth])).toEqual([
    ["c", 0],
    ["b", 0],
    ["b2", 1],
    ["b1", 1],
    ["b11", 2],
    ["a", 0],
  ]);
});
