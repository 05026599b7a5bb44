/** Checks of one bar's own figures: numbers, signs, and that open and close lie between low and high. */
import type { Columns } from "../series/columns.ts";
import type { CheckName } from "./checks.ts";
import { NOTHING_TO_FINISH, type OpenWatcher } from "./watcher.ts";

const PRICES = ["open", "high", "low", "close"] as const;
const FIGURES = ["start", ...PRICES, "volume"] as const;

export const watchFigures: OpenWatcher = (_, findings) => ({
  take: (columns, firstRow) => {
    for (let row = 0; row < columns.rows; row += 1) {
      if (isGood(columns, row)) continue;
      const { check, message } = problemOf(columns, row);
      findings.add(check, { at: columns.start[row] as number, row: firstRow + row, message });
    }
  },
  finish: NOTHING_TO_FINISH,
});

/** One comparison each; all are false for what is no number. */
function isGood({ start, open, high, low, close, volume }: Columns, row: number): boolean {
  const [o, h, l, c, v] = [open[row], high[row], low[row], close[row], volume[row]] as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (
    l > 0 &&
    o >= l &&
    c >= l &&
    o <= h &&
    c <= h &&
    h < Infinity &&
    v >= 0 &&
    v < Infinity &&
    Number.isFinite(start[row])
  );
}

/** The first thing that is wrong: what is no number cannot be compared. */
function problemOf(columns: Columns, row: number): { readonly check: CheckName; readonly message: string } {
  const of = (name: (typeof FIGURES)[number]): number => columns[name][row] as number;
  const wrong = FIGURES.find((name) => !Number.isFinite(of(name)));
  if (wrong !== undefined)
    return { check: "not_a_number", message: `${wrong}: got ${of(wrong)}, wanted a finite number` };
  const negative = PRICES.find((name) => of(name) <= 0);
  if (negative !== undefined) {
    return { check: "not_positive", message: `${negative}: got ${of(negative)}, wanted more than 0` };
  }
  if (of("volume") < 0) return { check: "negative_volume", message: `volume: got ${of("volume")}, wanted 0 or more` };
  const [high, low] = [of("high"), of("low")];
  if (high < low) return { check: "high_below_low", message: `high: got ${high}, wanted at least the low of ${low}` };
  const name = of("open") > high || of("open") < low ? "open" : "close";
  const wanted = `wanted a price from the low of ${low} to the high of ${high}`;
  return { check: "open_close_outside_range", message: `${name}: got ${of(name)}, ${wanted}` };
}
