import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PagedKeys, PagedRows, type PageReader } from "./paged.ts";

/** A store as a journal has it: pages by number, each as it was stored last. */
function storeOf(rows: PagedRows<number>, pages: Map<number, readonly unknown[]>): PageReader {
  for (const [page, items] of rows.changed().pages) pages.set(page, structuredClone(items));
  return (page) => structuredClone(pages.get(page) ?? []);
}

describe("a list in pages", () => {
  it("is the array that it stands for, whatever of it lies in a store", () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("push"), value: fc.integer() }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("set"), value: fc.integer() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("store", "release", "open"), value: fc.constant(0) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: "max" }), fc.nat(), (steps, spread) => {
        let rows = new PagedRows<number>();
        const pages = new Map<number, readonly unknown[]>();
        const wanted: number[] = [];
        for (const { kind, value } of steps) {
          if (kind === "push") {
            rows.push(value);
            wanted.push(value);
          } else if (kind === "set" && wanted.length > 0) {
            const index = ((value ^ spread) % wanted.length) >>> 0;
            if (index < wanted.length) {
              rows.set(index, value);
              wanted[index] = value;
            }
          } else if (kind === "release") rows.release();
          else {
            const read = storeOf(rows, pages);
            if (kind === "store") rows.wasStored(read);
            else rows = PagedRows.stored(wanted.length, read);
          }
          expect(rows.length).toBe(wanted.length);
        }
        expect([...rows]).toEqual(wanted);
        expect([...rows.newestFirst()]).toEqual(wanted.toReversed());
        expect([...rows.from(70)]).toEqual(wanted.slice(70));
        expect([rows.get(-1), rows.get(wanted.length)]).toEqual([undefined, undefined]);
      }),
      { numRuns: 200 },
    );
  });

  it("lets go for good of all pages but the last and those that are needed", () => {
    const rows = new PagedRows<number>();
    for (let value = 0; value < 200; value += 1) rows.push(value);
    rows.forget(
      (page, items) => page === 1 && items.includes(100),
      (page) => {
        throw new Error(`page ${page} is gone`);
      },
    );
    expect([rows.held, rows.length]).toEqual([72, 200]);
    expect([rows.get(64), rows.get(127), rows.get(199)]).toEqual([64, 127, 199]);
    expect(() => rows.get(63)).toThrow("page 0 is gone");
    expect(() => rows.set(128, 1)).toThrow("page 2 is gone");
    rows.push(200);
    rows.set(100, -100);
    expect([rows.get(200), rows.get(100)]).toEqual([200, -100]);
    expect([...rows.changed().pages.keys()]).toEqual([1, 3]);
  });

  it("holds in memory what was changed and what was asked for, and tells of a change once", () => {
    const rows = new PagedRows<number>();
    for (let value = 0; value < 200; value += 1) rows.push(value);
    const pages = new Map<number, readonly unknown[]>();
    rows.wasStored(storeOf(rows, pages));
    expect([rows.release(), rows.held]).toEqual([3, 8]);
    rows.set(5, -5);
    expect([...rows.changed().pages.keys()]).toEqual([0]);
    expect([rows.release(), rows.held]).toEqual([0, 72]);
    rows.wasStored(storeOf(rows, pages));
    expect([rows.changed().pages.size, rows.release(), rows.get(5)]).toEqual([0, 1, -5]);
  });

  it("says that a page is not whole rather than to lose an item", () => {
    const rows = PagedRows.stored<number>(10, () => [1, 2, 3]);
    expect(() => rows.get(0)).toThrow("a stored page is whole");
  });
});

describe("keys in a store", () => {
  it("are those of the store, and those since", () => {
    const stored = new Map([["old", 1]]);
    const keys = PagedKeys.stored((key) => stored.get(key));
    keys.set("new", 2);
    expect([keys.get("old"), keys.get("new"), keys.get("other"), keys.has("new")]).toEqual([1, 2, undefined, true]);
    expect([...keys.changed()]).toEqual([["new", 2]]);
    keys.wasStored((key) => (key === "new" ? 2 : stored.get(key)));
    expect([keys.get("old"), keys.get("new"), keys.changed().size]).toEqual([1, 2, 0]);
  });
});
