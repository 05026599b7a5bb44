import { expect, it } from "vitest";
import { createSequence, nameOf } from "./key-strokes.ts";

const stroke = (key: string, held: object = {}) => ({
  key,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...held,
});

it("a stroke has one name, whatever the system calls its keys", () => {
  expect([
    nameOf(stroke(" ")),
    nameOf(stroke("k", { metaKey: true })),
    nameOf(stroke("K", { ctrlKey: true })),
    nameOf(stroke("F", { shiftKey: true })),
    nameOf(stroke("?", { shiftKey: true })),
    nameOf(stroke("ArrowRight", { altKey: true })),
  ]).toEqual(["space", "mod+k", "mod+k", "shift+f", "?", "alt+right"]);
});

it("two strokes soon after one another are a sequence too", () => {
  const names = createSequence();
  expect(names(stroke("g"), 0)).toEqual(["g"]);
  expect(names(stroke("s"), 500)).toEqual(["g s", "s"]);
  expect(names(stroke("s"), 5000)).toEqual(["s"]);
});
