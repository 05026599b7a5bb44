/** All checks over one series: bars go in stretch by stretch, findings come out at the end. */
import type { Columns } from "../series/columns.ts";
import type { CheckName } from "./checks.ts";
import { watchDays } from "./days.ts";
import { watchFigures } from "./figures.ts";
import { Findings, type CheckCount, type Finding, type Objection } from "./findings.ts";
import { watchPlaces } from "./places.ts";
import { watchPrints } from "./prints.ts";
import type { CheckedSeries, OpenWatcher } from "./watcher.ts";

/** What was found in one series. */
export interface SeriesVerdict {
  readonly symbol: string;
  readonly timeframe: string;
  /** Bars that were looked at. */
  readonly rows: number;
  readonly errors: number;
  readonly warnings: number;
  /** Checks that found something, each with all that it found. */
  readonly counts: readonly CheckCount[];
  /** The first hundred of each check. */
  readonly findings: readonly Finding[];
}

export interface Verifier {
  /** The next stretch of the series: whole New York days, such as a month. Nothing of it is kept or changed. */
  readonly take: (columns: Columns) => void;
  /** Something that was found elsewhere: bars are missing because of it. */
  readonly lose: (check: CheckName, objection: Objection) => void;
  /** After the last stretch, once. */
  readonly finish: () => SeriesVerdict;
}

const WATCHERS: readonly OpenWatcher[] = [watchFigures, watchPlaces, watchPrints, watchDays];

export function openVerifier(series: CheckedSeries): Verifier {
  const key = { symbol: series.symbol, timeframe: series.timeframe.name };
  const findings = new Findings(key);
  const watchers = WATCHERS.map((open) => open(series, findings));
  let rows = 0;
  let isWhole = true;
  return {
    take: (columns) => {
      for (const watcher of watchers) watcher.take(columns, rows + 1);
      rows += columns.rows;
    },
    lose: (check, objection) => {
      findings.add(check, objection);
      isWhole = false;
    },
    finish: () => {
      for (const watcher of watchers) watcher.finish(isWhole);
      return {
        ...key,
        rows,
        errors: findings.total("error"),
        warnings: findings.total("warning"),
        counts: findings.counts(),
        findings: findings.list(),
      };
    },
  };
}

/** The same for bars that are in memory as a whole, such as those that an import is about to commit. */
export function verifyColumns(series: CheckedSeries, columns: Columns): SeriesVerdict {
  const verifier = openVerifier(series);
  verifier.take(columns);
  return verifier.finish();
}
