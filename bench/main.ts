/** Runs every benchmark, prints a line each, and ends with 1 if a limit is missed. */
import { measureCatalogList } from "./catalog-list.js";
import { measureDashboard } from "./dashboard.js";
import { measureFirstAnswer } from "./first-answer.js";
import { measureImportFlatFile } from "./import-flat-file.js";
import { measureIdleSessions } from "./idle-sessions.js";
import { measureJournalAppends } from "./journal-appends.js";
import { measureLongPast } from "./long-past.js";
import { isMet, type Measurement } from "./measure.js";
import { measurePingPong } from "./ping-pong.js";
import { measureSmaCrossover } from "./sma-crossover.js";
import { measureSockets } from "./sockets.js";
import { measureSymbolYear } from "./symbol-year.js";
import { measureYearOfOrders } from "./year-of-orders.js";

const benches: readonly (() => Promise<Measurement | readonly Measurement[]>)[] = [
  measurePingPong,
  measureSockets,
  measureYearOfOrders,
  measureIdleSessions,
  measureFirstAnswer,
  measureCatalogList,
  measureImportFlatFile,
  measureSymbolYear,
  measureSmaCrossover,
  measureJournalAppends,
  measureLongPast,
  measureDashboard,
];

let missed = 0;
for (const bench of benches) {
  for (const measurement of [await bench()].flat()) {
    const { name, detail, value, limit } = measurement;
    const verdict = isMet(measurement) ? "met" : "MISSED";
    if (verdict === "MISSED") missed += 1;
    process.stdout.write(`${name}: ${value.toFixed(3)} (${limit.kind} ${limit.value}: ${verdict})\n    ${detail}\n`);
  }
}
process.exitCode = missed === 0 ? 0 : 1;
