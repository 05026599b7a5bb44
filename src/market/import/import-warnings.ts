/** What an import warns of: the bars that it adds, held to the same checks as those of the catalog. */
import type { CorporateAction } from "../../kernel/index.ts";
import type { Columns } from "../series/columns.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { CheckCount, Finding } from "../verify/findings.ts";
import { openVerifier, type Verifier } from "../verify/verify-columns.ts";

/** Findings that a report holds of all series together. */
const FINDINGS_KEPT = 100;

export interface ImportWarnings {
  /** How many of each kind, over all series. */
  readonly counts: readonly CheckCount[];
  /** The first hundred. Rows count the series' bars in the files. */
  readonly findings: readonly Finding[];
}

export interface SeriesIdentity {
  readonly symbol: string;
  readonly timeframe: TimeframeSpec;
  readonly isAdjusted: boolean;
}

export class WarningCollector {
  readonly #actionsOf: (symbol: string) => readonly CorporateAction[];
  readonly #counts = new Map<string, CheckCount>();
  readonly #findings: Finding[] = [];
  #series = "";
  #verifier: Verifier | undefined;

  constructor(actionsOf: (symbol: string) => readonly CorporateAction[]) {
    this.#actionsOf = actionsOf;
  }

  /** The next year of a series; years of one series follow one another. */
  take({ symbol, timeframe, isAdjusted }: SeriesIdentity, columns: Columns): void {
    const series = `${symbol} ${timeframe.name}`;
    if (series !== this.#series) {
      this.#finish();
      this.#series = series;
      this.#verifier = openVerifier({ symbol, timeframe, isAdjusted, actions: this.#actionsOf(symbol) });
    }
    this.#verifier?.take(columns);
  }

  /** After the last series. */
  finish(): ImportWarnings {
    this.#finish();
    return { counts: [...this.#counts.values()], findings: this.#findings };
  }

  #finish(): void {
    const verdict = this.#verifier?.finish();
    this.#verifier = undefined;
    for (const count of verdict?.counts ?? []) {
      const before = this.#counts.get(count.check)?.count ?? 0;
      this.#counts.set(count.check, { ...count, count: before + count.count });
    }
    this.#findings.push(...(verdict?.findings ?? []).slice(0, FINDINGS_KEPT - this.#findings.length));
  }
}
