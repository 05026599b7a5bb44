/** Highs and lows far from everything near them: mostly a print that was cancelled, or a slipped digit. */
import type { Columns } from "../series/columns.ts";
import { FINDINGS_KEPT, type Findings, type Objection } from "./findings.ts";
import type { OpenWatcher } from "./watcher.ts";

/** Beyond these a high or low is suspicious, however lively the bars are. */
const FAR = { low: 0.5, high: 2 };

/** Beyond these it is where bars are quiet: where it reaches further than so many ranges that were usual of late. */
const UNUSUAL = { low: 0.75, high: 1.25 };
const USUAL_RANGES = 5;

/** Weight of the newest bar in the usual range, and bars before one is known. */
const RANGE_WEIGHT = 1 / 20;
const BARS_UNTIL_USUAL = 10;
/** A wild bar counts as this many usual ones, so that it does not hide the next. */
const RANGES_COUNTED_MAX = 3;

interface SeenBar {
  readonly at: number;
  readonly row: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Each bar is judged once the next is known. */
export const watchPrints: OpenWatcher = (_, findings) => {
  const usual = new UsualRange();
  const idle = new IdleMoves(findings);
  let closeBefore = Number.NaN;
  let held: SeenBar | undefined;
  const judge = (bar: SeenBar, closeAfter: number): void => {
    const near = [bar.open, bar.close, orElse(closeBefore, bar.close), orElse(closeAfter, bar.close)];
    const message = farPrint(bar, near, usual.share);
    if (message !== undefined) findings.add("suspicious_print", { at: bar.at, row: bar.row, message });
    usual.learn(bar.high, bar.low, bar.close);
    closeBefore = bar.close;
  };
  return {
    take: (columns, firstRow) => {
      const { rows, open, high, low, close } = columns;
      if (rows === 0) return;
      if (held !== undefined) judge(held, close[0] as number);
      for (let row = 0; row < rows; row += 1) {
        const [h, l, c] = [high[row] as number, low[row] as number, close[row] as number];
        if (idle.isToSee(columns.volume[row] as number))
          idle.see(readBar(columns, row, firstRow), columns.volume[row] as number);
        if (row === rows - 1) break;
        if (isQuiet(h, l, Math.max(open[row] as number, c), Math.min(open[row] as number, c))) {
          usual.learn(h, l, c);
          closeBefore = c;
        } else judge(readBar(columns, row, firstRow), close[row + 1] as number);
      }
      held = readBar(columns, rows - 1, firstRow);
    },
    finish: () => {
      if (held !== undefined) judge(held, Number.NaN);
    },
  };
};

const orElse = (price: number, other: number): number => (Number.isNaN(price) ? other : price);

/** Whether a bar is far from suspicious by its own open and close alone: what stands beside it can only speak for it. */
const isQuiet = (high: number, low: number, top: number, bottom: number): boolean =>
  low > bottom * UNUSUAL.low && high < top * UNUSUAL.high && low > 0;

const readBar = (columns: Columns, row: number, firstRow: number): SeenBar => ({
  at: columns.start[row] as number,
  row: firstRow + row,
  open: columns.open[row] as number,
  high: columns.high[row] as number,
  low: columns.low[row] as number,
  close: columns.close[row] as number,
});

/** `near` are the prices that it should be close to, `usual` the range of a bar as a share of its price. */
function farPrint(bar: SeenBar, near: readonly number[], usual: number): string | undefined {
  const [lowest, highest] = [Math.min(...near), Math.max(...near)];
  // Prices that are no prices are the business of other checks.
  if (!(lowest > 0) || !(highest < Infinity)) return undefined;
  const reach = USUAL_RANGES * usual;
  const lowLimit = lowest * Math.max(FAR.low, Math.min(UNUSUAL.low, 1 - reach));
  if (bar.low < lowLimit) return wordsOf("low", bar.low, { lowest, highest });
  const highLimit = highest * Math.min(FAR.high, Math.max(UNUSUAL.high, 1 + reach));
  return bar.high > highLimit ? wordsOf("high", bar.high, { lowest, highest }) : undefined;
}

function wordsOf(
  name: "low" | "high",
  price: number,
  near: { readonly lowest: number; readonly highest: number },
): string {
  const wanted = `wanted a price near ${near.lowest} to ${near.highest}, its open and close and the closes beside it`;
  return `${name}: got ${price}, ${wanted}`;
}

/** A running mean of ranges; Infinity until there were enough bars. */
class UsualRange {
  #mean = 0;
  #bars = 0;

  get share(): number {
    return this.#bars < BARS_UNTIL_USUAL ? Infinity : this.#mean;
  }

  learn(high: number, low: number, close: number): void {
    const share = (high - low) / close;
    if (!(share >= 0 && share < Infinity)) return;
    const limit = this.#bars < BARS_UNTIL_USUAL ? share : Math.max(this.#mean * RANGES_COUNTED_MAX, UNUSUAL_STEP);
    this.#mean += (Math.min(share, limit) - this.#mean) * Math.max(RANGE_WEIGHT, 1 / (this.#bars + 1));
    this.#bars += 1;
  }
}

/** Where bars had no range at all, a range of one percent counts in full: else the mean could never grow. */
const UNUSUAL_STEP = 0.01;

/** Bars in which nothing was traded and the price moved; of a series that never has a volume this says nothing. */
class IdleMoves {
  readonly #findings: Findings;
  readonly #held: Objection[] = [];
  #heldCount = 0;
  #hasVolume = false;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Most bars have a volume, and say nothing once one had. */
  isToSee(volume: number): boolean {
    return !this.#hasVolume || !(volume > 0);
  }

  see({ at, row, high, low }: SeenBar, volume: number): void {
    if (volume > 0 && !this.#hasVolume) this.#begin();
    if (volume !== 0 || !(high > low)) return;
    const message = `volume: got 0 with a range from ${low} to ${high}, wanted one price where nothing is traded`;
    if (this.#hasVolume) this.#findings.add("suspicious_print", { at, row, message });
    else this.#hold({ at, row, message });
  }

  #hold(objection: Objection): void {
    this.#heldCount += 1;
    if (this.#held.length < FINDINGS_KEPT) this.#held.push(objection);
  }

  /** The series has volumes: what was held is told. */
  #begin(): void {
    this.#hasVolume = true;
    const [first, ...others] = this.#held;
    for (const objection of others) this.#findings.add("suspicious_print", objection);
    if (first !== undefined)
      this.#findings.add("suspicious_print", { ...first, times: this.#heldCount - others.length });
  }
}
