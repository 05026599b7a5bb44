import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinFields, splitFields } from "./csv-fields.ts";

describe("a line of CSV", () => {
  it.each([
    ["", [""]],
    ["a,b", ["a", "b"]],
    ["a,,", ["a", "", ""]],
    [" a , b\t", ["a", "b"]],
    ['"a"', ["a"]],
    ['"a,b",c', ["a,b", "c"]],
    ['a, "b ""x"", c" ,', ["a", 'b "x", c', ""]],
    ['"",""', ["", ""]],
    ['""""', ['"']],
  ])("%j has the fields %j", (line, fields) => {
    expect(splitFields(line)).toEqual(fields);
  });

  it.each(['"a', '"a""', 'a"b', '"a"b', 'a,"b" c', '"a",b"'])("%j is refused", (line) => {
    expect(splitFields(line)).toBeUndefined();
  });

  it("reads back as it was written", () => {
    const text = fc.stringMatching(/^[ab,"é ]{0,8}$/).map((field) => field.trim());
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (fields) => {
        expect(splitFields(joinFields(fields))).toEqual(fields);
      }),
    );
  });

  it("of 60,000 spaces and quotes is read in a moment", () => {
    const started = performance.now();
    for (const part of [" ", '"', '" ', ' "']) splitFields(`"${part.repeat(30_000)}x`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
