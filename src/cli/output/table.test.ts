import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { counted, formatCount, formatFields, formatTable } from "./table.ts";

describe("a table", () => {
  it("aligns heads and cells, numbers to the right, without spaces at the end of a line", () => {
    const text = formatTable(
      [{ head: "SYMBOL" }, { head: "ROWS", align: "right" }, { head: "MARK" }],
      [
        ["AAPL", "1,234,567", "synthetic"],
        ["A", "7", ""],
      ],
    );
    expect(text).toBe("SYMBOL       ROWS  MARK\nAAPL    1,234,567  synthetic\nA               7");
  });

  it("lets no control character through", () => {
    expect(formatTable([{ head: "NAME" }], [["red\u001B[31m\nnext"]])).toBe("NAME\nred?[31m?next");
    expect(formatFields([["name", "\u0007bell"]])).toBe("  name  ?bell");
  });

  it("has a line for each row, whatever the cells hold", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 20 }), (rows) => {
        const lines = formatTable([{ head: "A" }, { head: "B", align: "right" }], rows).split(/\n/);
        expect(lines).toHaveLength(rows.length + 1);
      }),
    );
  });
});

describe("fields", () => {
  it("stand below one another with their values aligned", () => {
    expect(
      formatFields([
        ["id", "7"],
        ["current_time", "now"],
      ]),
    ).toBe("  id            7\n  current_time  now");
  });
});

describe("counts", () => {
  it("have separators and the right number", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
    expect([0, 1, 2].map((count) => counted(count, "row"))).toEqual(["0 rows", "1 row", "2 rows"]);
  });
});
