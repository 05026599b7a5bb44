/** What a list says of the sample without making a single bar: only the draws that decide which minutes print. */
import { createHash } from "node:crypto";
import { instant, MINUTE_MS, type Instant } from "../../kernel/index.ts";
import type { SeriesDays } from "../catalog/coverage.ts";
import { monthDays } from "./daily-path.ts";
import { sampleIdentity } from "./draws.ts";
import { printedMinutes } from "./presence.ts";
import { SAMPLE_FIRST_MONTH, SAMPLE_LAST_MONTH, type SampleSymbol } from "./sample-symbols.ts";

export interface SampleFacts {
  readonly rows: number;
  /** Start of the first bar and end of the last. */
  readonly from: Instant;
  readonly to: Instant;
  /** Of the sample's seed and the symbol: equal hashes mean equal bars. */
  readonly hash: string;
  /** Every regular minute of every trading day prints. */
  readonly days: SeriesDays;
}

const known = new Map<string, SampleFacts>();

/** About a millisecond a symbol, once. */
export function sampleFacts(symbol: SampleSymbol): SampleFacts {
  const facts = known.get(symbol.symbol) ?? count(symbol);
  known.set(symbol.symbol, facts);
  return facts;
}

function count(symbol: SampleSymbol): SampleFacts {
  let [rows, from, to, present] = [0, Infinity, 0, 0];
  for (let month = SAMPLE_FIRST_MONTH; month <= SAMPLE_LAST_MONTH; month += 1) {
    for (const day of monthDays(month)) {
      const starts = printedMinutes(symbol, day);
      rows += starts.length;
      present += 1;
      from = Math.min(from, starts[0] ?? from);
      to = (starts.at(-1) ?? to) + MINUTE_MS;
    }
  }
  const hash = createHash("sha256").update(sampleIdentity(symbol.symbol)).digest("hex");
  return { rows, from: instant(from), to: instant(to), hash, days: { present, partial: 0, missing: 0 } };
}
