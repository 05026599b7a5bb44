/** Ends a test run with one line for people and scripts, "N passed, N failed, N skipped", and says why tests were skipped. */
import type { Reporter, TestCase, TestModule } from "vitest/node";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  readonly reasons: Map<string, number>;
}

/** The last words in brackets of a name: "agrees with the source (../shared is absent)". */
const REASON = /\(([^()]+)\)[^()]*$/;

/** The runner asks for a class as the default export. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const lines = summaryLines(tallyOf(modules, unhandledErrors.length));
    process.stdout.write(`${lines.join("\n")}\n`);
  }
}

function tallyOf(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const tally: Tally = { passed: 0, failed: unhandledErrors, skipped: 0, reasons: new Map() };
  for (const module of modules) {
    const failedBefore = tally.failed;
    for (const test of module.children.allTests()) count(tally, test);
    const isBroken = module.state() === "failed" && tally.failed === failedBefore;
    if (isBroken) tally.failed += 1;
  }
  return tally;
}

function count(tally: Tally, test: TestCase): void {
  const result = test.result();
  if (result.state === "passed") tally.passed += 1;
  else if (result.state === "failed") tally.failed += 1;
  else {
    tally.skipped += 1;
    const reason =
      (result.state === "skipped" ? result.note : undefined) ?? REASON.exec(test.fullName)?.[1] ?? "no reason given";
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  }
}

function summaryLines({ passed, failed, skipped, reasons }: Tally): readonly string[] {
  const why = [...reasons].map(([reason, times]) => `${times} skipped: ${reason}`);
  return [...why, `${passed} passed, ${failed} failed, ${skipped} skipped`];
}
