import { expect, it } from "vitest";
import { createSlots } from "./slots.ts";

it("gives out the gaps first, then goes on at the end", () => {
  const slots = createSlots([1, 2, 5]);
  const taken = [slots.take(), slots.take(), slots.take(), slots.take(), slots.take()];
  expect(new Set(taken.slice(0, 3))).toEqual(new Set([0, 3, 4]));
  expect(taken.slice(3)).toEqual([6, 7]);
});

it("gives out a released slot again", () => {
  const slots = createSlots([]);
  expect([slots.take(), slots.take()]).toEqual([0, 1]);
  slots.release(0);
  expect([slots.take(), slots.take()]).toEqual([0, 2]);
});
