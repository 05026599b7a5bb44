import { expect, it } from "vitest";
import { cash, InvariantError } from "../kernel/index.ts";
import { playEntry } from "./conformance-entries.ts";
import { decodeEntry, encodeEntry } from "./codec.ts";
import { EntryText } from "./recorded-entry.ts";

const opening = (initialCash: unknown) => ({
  ...playEntry(1),
  command: { kind: "open_account" as const, initialCash: initialCash as ReturnType<typeof cash>, profile: "{}" },
});

it("writes fixed-point numbers as plain decimals and leaves out what is undefined", () => {
  const entry = { ...opening(cash(1_500_000_001n)), events: [] };
  expect(encodeEntry(entry)).toBe(
    '{"at":1672738260000,"command":{"initialCash":"1.500000001","kind":"open_account","profile":"{}"},"events":[],"seq":1}',
  );
  expect(encodeEntry({ ...opening(undefined), events: [] })).toBe(
    '{"at":1672738260000,"command":{"kind":"open_account","profile":"{}"},"events":[],"seq":1}',
  );
});

it("refuses to write what it could not read back", () => {
  expect(() => encodeEntry(opening("1.5"))).toThrow(InvariantError);
  expect(() => encodeEntry(opening(10n ** 40n))).toThrow(/initialCash has at most 30 characters/);
  expect(() => encodeEntry({ ...playEntry(1), command: { kind: "set_speed", speed: Number.NaN } })).toThrow(
    /is finite/,
  );
  expect(() => encodeEntry({ ...playEntry(1), command: { kind: "set_speed", speed: 1n as never } })).toThrow(
    /but got bigint/,
  );
});

it("refuses an entry that asks for nothing, or is numbered otherwise than its place", () => {
  for (const text of ["", "x", '{"at":1,"events":[],"seq":1}', '{"command":{},"events":[],"seq":1}']) {
    expect(() => new EntryText(1, text)).toThrow();
  }
  const entry = playEntry(1);
  expect(new EntryText(1, encodeEntry(entry)).events()).toEqual(entry.events);
  const moved = new EntryText(2, encodeEntry(entry));
  expect(moved.isOf(entry.events)).toBe(false);
  expect(() => moved.events()).toThrow("its number is 1");
});

it("refuses to read what it would not have written", () => {
  for (const text of ["", "{", "null", "[]", '"text"', "{}", '{"seq":1,"at":1,"events":{}}']) {
    expect(() => decodeEntry(text)).toThrow();
  }
  expect(() => decodeEntry('{"seq":1,"at":1,"command":{"initialCash":"1e5"},"events":[]}')).toThrow(
    "initialCash is not a decimal",
  );
  expect(() => decodeEntry('{"seq":1,"at":1,"command":{"initialCash":5},"events":[]}')).toThrow(
    "initialCash is not a decimal",
  );
});
