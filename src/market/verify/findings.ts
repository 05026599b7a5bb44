/** What the checks of one series have found: every finding is counted, the first hundred of each check are kept. */
import type { Instant } from "../../kernel/index.ts";
import { CHECK_NAMES, CHECKS, type CheckName, type Severity } from "./checks.ts";

/** Of each check and series: enough to see what is wrong, and 17 checks × 100 × 200 bytes is 340 KB at worst. */
export const FINDINGS_KEPT = 100;

export interface Finding {
  readonly symbol: string;
  readonly timeframe: string;
  readonly check: CheckName;
  readonly severity: Severity;
  /** Start of the bar, or of the day or month, that it is about. */
  readonly at: Instant;
  /** Which bar of the series, the first is 1; undefined where it is about no single bar. */
  readonly row: number | undefined;
  /** What was got and what was wanted. */
  readonly message: string;
}

export interface CheckCount {
  readonly check: CheckName;
  readonly severity: Severity;
  readonly count: number;
}

/** A place that a check objects to; `times` is how many places it stands for. */
export interface Objection {
  readonly at: number;
  readonly row?: number;
  readonly message: string;
  readonly times?: number;
}

export class Findings {
  readonly #series: { readonly symbol: string; readonly timeframe: string };
  readonly #kept = new Map<CheckName, Finding[]>();
  readonly #counts = new Map<CheckName, number>();

  constructor(series: { readonly symbol: string; readonly timeframe: string }) {
    this.#series = series;
  }

  add(check: CheckName, { at, row, message, times = 1 }: Objection): void {
    this.#counts.set(check, this.count(check) + times);
    const kept = this.#kept.get(check) ?? [];
    this.#kept.set(check, kept);
    if (kept.length >= FINDINGS_KEPT) return;
    kept.push({ ...this.#series, check, severity: CHECKS[check].severity, at: at as Instant, row, message });
  }

  count(check: CheckName): number {
    return this.#counts.get(check) ?? 0;
  }

  /** Those kept, in the order of the table of checks. */
  list(): readonly Finding[] {
    return CHECK_NAMES.flatMap((check) => this.#kept.get(check) ?? []);
  }

  /** Checks that found something. */
  counts(): readonly CheckCount[] {
    return CHECK_NAMES.flatMap((check) => {
      const count = this.count(check);
      return count === 0 ? [] : [{ check, severity: CHECKS[check].severity, count }];
    });
  }

  total(severity: Severity): number {
    return this.counts().reduce((sum, each) => sum + (each.severity === severity ? each.count : 0), 0);
  }
}
