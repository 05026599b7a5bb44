/** The page on the layout of files has a reader in Python; it reads what an import has written. Needs python3. */
import { expect, it } from "vitest";
import { readBack } from "../support/layout-readers.ts";

it("the Python reader of the data layout reads every bar to the last digit", async () => {
  const { got, wanted } = await readBack("python");
  expect(got).toEqual(wanted);
});
