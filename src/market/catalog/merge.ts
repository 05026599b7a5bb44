/** Merging two sets of bars of one series: equal bars become one, different bars at one time are a conflict. */
import { formatInstant, instant } from "../../kernel/index.ts";
import { copyRows, newColumns, NO_TRADES, sliceRows, type Columns } from "../series/columns.ts";
import { differenceOf } from "./conflicts.ts";

export interface Merged {
  readonly kind: "merged";
  readonly columns: Columns;
  /** Bars that were not there before. */
  readonly added: number;
  /** Bars that had no vwap or no count of trades, and have one now. */
  readonly completed: number;
}

export interface Conflict {
  readonly kind: "conflict";
  /** Names the first bar that differs, and how. */
  readonly message: string;
}

/** Both must be sorted, each without two bars of one start. Neither is changed; the result may be one of them. */
export function mergeColumns(old: Columns, incoming: Columns): Merged | Conflict {
  if (old.rows === 0) return { kind: "merged", columns: incoming, added: incoming.rows, completed: 0 };
  const target = newColumns(old.rows + incoming.rows);
  let [fromOld, fromNew, rows, completed] = [0, 0, 0, 0];
  while (fromOld < old.rows || fromNew < incoming.rows) {
    const [oldStart, newStart] = [startAt(old, fromOld), startAt(incoming, fromNew)];
    const isOld = oldStart <= newStart;
    const [source, from] = isOld ? [old, fromOld] : [incoming, fromNew];
    const until = oldStart === newStart ? from + 1 : runUntil(source, from, isOld ? newStart : oldStart);
    copyRows(source, { from, until }, target, rows);
    if (oldStart === newStart) {
      const difference = differenceOf({ columns: old, row: fromOld }, { columns: incoming, row: fromNew });
      if (difference !== undefined)
        return { kind: "conflict", message: `${formatInstant(instant(oldStart))}: ${difference}` };
      if (complete(target, rows, incoming, fromNew)) completed += 1;
      fromNew += 1;
    }
    rows += until - from;
    if (isOld) fromOld = until;
    else fromNew = until;
  }
  return { kind: "merged", columns: sliceRows(target, { from: 0, until: rows }), added: rows - old.rows, completed };
}

const startAt = (columns: Columns, row: number): number =>
  row < columns.rows ? (columns.start[row] as number) : Infinity;

/** The end of the run that begins at `row` and lies before `limit`; at least one row long. */
function runUntil(columns: Columns, row: number, limit: number): number {
  let until = row + 1;
  while (until < columns.rows && (columns.start[until] as number) < limit) until += 1;
  return until;
}

/** Fills in what the target's bar lacks and the other has. */
function complete(target: Columns, row: number, other: Columns, otherRow: number): boolean {
  const lacksVwap = Number.isNaN(target.vwap[row]) && !Number.isNaN(other.vwap[otherRow]);
  const lacksTrades = target.trades[row] === NO_TRADES && other.trades[otherRow] !== NO_TRADES;
  if (lacksVwap) target.vwap[row] = other.vwap[otherRow] as number;
  if (lacksTrades) target.trades[row] = other.trades[otherRow] as number;
  return lacksVwap || lacksTrades;
}
