/** The page on the layout of files has a reader in JavaScript; it reads what an import has written. */
import { expect, it } from "vitest";
import { readBack } from "../support/layout-readers.ts";

it("the JavaScript reader of the data layout reads every bar to the last digit", async () => {
  const { got, wanted } = await readBack("js");
  expect(got).toEqual(wanted);
});
