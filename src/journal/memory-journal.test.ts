import { describe, it } from "vitest";
import { JOURNAL_CONFORMANCE } from "./conformance.ts";
import { openMemoryJournal } from "./memory-journal.ts";

describe("the journal in memory", () => {
  for (const { name, needsDisk, run } of JOURNAL_CONFORMANCE) {
    const title = needsDisk ? `${name} (memory is gone when it is closed)` : name;
    it.skipIf(needsDisk)(title, () => run(openMemoryJournal));
  }
});
