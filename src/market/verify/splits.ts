/** Overnight moves held against the splits on record: one that is missing, and one that did not happen. */
import type { CivilDate, CorporateAction, Split } from "../../kernel/index.ts";
import type { CheckName } from "./checks.ts";

/** What the splits are judged by: a day's first and last regular price. */
export interface PricedDay {
  readonly date: CivilDate;
  readonly open: number;
  readonly close: number;
}

/** New shares for one old. */
const USUAL_RATIOS = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100, 1.5].flatMap((ratio) => [ratio, 1 / ratio]);

/** How far from a usual ratio the opening may lie, and the day's close: a crash that is mended by the close is none. */
const OPEN_TOLERANCE = 0.1;
const CLOSE_TOLERANCE = 0.15;

/** Smaller than this (6-for-5), a split does not stand out from an ordinary night. */
const RATIO_SEEN_MIN = Math.log(1.2);

/** A night moves by this at most besides the split: a 3-for-2 may look like anything from 1.22 to 1.84. */
const NIGHT_MAX = Math.log(1.4);

export const splitsOf = (actions: readonly CorporateAction[]): readonly Split[] =>
  actions.filter((action) => action.type === "split");

/** What is wrong between two days of unadjusted prices that follow one another in a series. */
export function judgeNight(
  before: PricedDay,
  after: PricedDay,
  splits: readonly Split[],
): { readonly check: CheckName; readonly message: string } | undefined {
  const recorded = splits.filter(({ exDate }) => exDate > before.date && exDate <= after.date);
  const got = `open of ${after.date}: got ${after.open} after a close of ${before.close} on ${before.date}`;
  if (recorded.length === 0) {
    const usual = usualRatio(before, after);
    if (usual === undefined) return undefined;
    return {
      check: "split_sized_jump",
      message: `${got}, as after a ${ratioWords(usual)} split; wanted one on record`,
    };
  }
  const expected = recorded.reduce((ratio, { oldRate, newRate }) => (ratio * Number(newRate)) / Number(oldRate), 1);
  if (isAsExpected(before.close / after.open, expected)) return undefined;
  const wanted = `wanted about ${roundedPrice(before.close / expected)} after the ${ratioWords(expected)} split on record`;
  return { check: "split_without_jump", message: `${got}, ${wanted}` };
}

function usualRatio(before: PricedDay, after: PricedDay): number | undefined {
  const [atOpen, atClose] = [before.close / after.open, before.close / after.close];
  const near = USUAL_RATIOS.filter(
    (usual) => Math.abs(atOpen / usual - 1) <= OPEN_TOLERANCE && Math.abs(atClose / usual - 1) <= CLOSE_TOLERANCE,
  );
  const distance = (usual: number): number => Math.abs(Math.log(atOpen / usual));
  return near.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** Prices that are no prices are the business of other checks. */
function isAsExpected(ratio: number, expected: number): boolean {
  const size = Math.abs(Math.log(expected));
  if (!(ratio > 0) || ratio === Infinity || size < RATIO_SEEN_MIN) return true;
  return Math.abs(Math.log(ratio / expected)) <= Math.min(size / 2, NIGHT_MAX);
}

function ratioWords(ratio: number): string {
  const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);
  if (Math.abs(ratio - 1.5) < 1e-9) return "3-for-2";
  if (Math.abs(ratio - 1 / 1.5) < 1e-9) return "2-for-3";
  return ratio >= 1 ? `${rounded(ratio)}-for-1` : `1-for-${rounded(1 / ratio)}`;
}

const roundedPrice = (price: number): number => Math.round(price * 100) / 100;
