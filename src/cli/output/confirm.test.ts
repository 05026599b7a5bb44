import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { canAsk, confirm } from "./confirm.ts";

const terminal = (): { input: PassThrough & { isTTY?: boolean }; output: PassThrough & { isTTY?: boolean } } => ({
  input: new PassThrough(),
  output: new PassThrough(),
});

describe("a question", () => {
  it.each([
    ["y\n", true],
    ["YES\n", true],
    [" y \n", true],
    ["n\n", false],
    ["\n", false],
    ["yesterday\n", false],
    ["", false],
  ])("that is answered %j is %s", async (answer, agreed) => {
    const { input, output } = terminal();
    const asked = confirm("Remove it?", { input, output });
    input.end(answer);
    expect(await asked).toBe(agreed);
    expect(String(output.read())).toContain("Remove it? [y/N] ");
  });

  it("is asked only where a person reads it and can answer", () => {
    const { input, output } = terminal();
    const claims = [
      [true, true],
      [true, false],
      [false, true],
    ] as const;
    const found = claims.map(([isIn, isOut]) =>
      canAsk({ input: Object.assign(input, { isTTY: isIn }), output: Object.assign(output, { isTTY: isOut }) }),
    );
    expect(found).toEqual([true, false, false]);
  });
});
