/** Adjustment of bars for splits and dividends: what may be asked for, and the factors that follow from the actions. */
import { effectiveAt, newYorkMidnight, tradingDayBefore } from "../../calendar/index.ts";
import { unitsToNumber, type CivilDate, type CorporateAction, type Instant } from "../../kernel/index.ts";

export interface Adjustment {
  readonly forSplits: boolean;
  readonly forDividends: boolean;
}

/** What becomes of the bars that start before an instant, up to the step before. */
export interface AdjustmentStep {
  /** Midnight New York of the ex-date. */
  readonly before: Instant;
  /** Shares that one share of then has become: volumes are multiplied by it, prices divided. */
  readonly shares: number;
  /** What the dividends since then have left of a price; at most 1. */
  readonly kept: number;
}

export interface FactorsWanted {
  readonly adjustment: Adjustment;
  /** Of one symbol, in the order in which they happen. */
  readonly actions: readonly CorporateAction[];
  /** Actions that take effect later do not count. */
  readonly knownAt: Instant;
  /** The regular session's close of a date, raw; undefined where there is none. */
  readonly closeOn: (date: CivilDate) => number | undefined;
}

/** What `adjustment` must look like, for messages. */
export const ADJUSTMENT_WANTED = "raw, split, dividend, spin-off or all, or several of them with commas";

/** There are no records of spin-offs, so that word changes nothing. */
const WORDS: ReadonlyMap<string, Adjustment> = new Map([
  ["raw", { forSplits: false, forDividends: false }],
  ["split", { forSplits: true, forDividends: false }],
  ["dividend", { forSplits: false, forDividends: true }],
  ["spin-off", { forSplits: false, forDividends: false }],
  ["all", { forSplits: true, forDividends: true }],
]);

/** Undefined where a word is not one of Alpaca's. */
export function parseAdjustment(text: string): Adjustment | undefined {
  const parts = text.split(",").map((word) => WORDS.get(word));
  if (parts.includes(undefined)) return undefined;
  return {
    forSplits: parts.some((part) => part?.forSplits),
    forDividends: parts.some((part) => part?.forDividends),
  };
}

/** The actions that adjust bars from `from` on, as of `knownAt`. */
export function actionsInForce(
  { adjustment, actions, knownAt }: Omit<FactorsWanted, "closeOn">,
  from: Instant,
): readonly CorporateAction[] {
  return actions.filter(({ type, exDate }) => {
    if (type === "split" ? !adjustment.forSplits : type !== "cash_dividend" || !adjustment.forDividends) return false;
    const at = effectiveAt(exDate);
    return at !== undefined && at <= knownAt && newYorkMidnight(exDate) > from;
  });
}

/** Oldest first; what the steps say of a bar is told by the first one that lies after its start. */
export function adjustmentSteps(wanted: FactorsWanted, from: Instant): readonly AdjustmentStep[] {
  const steps: AdjustmentStep[] = [];
  let [shares, kept] = [1, 1];
  for (const action of actionsInForce(wanted, from).toReversed()) {
    const before = newYorkMidnight(action.exDate);
    if (action.type === "split") shares *= Number(action.newRate) / Number(action.oldRate);
    else if (action.type === "cash_dividend") kept *= keptOf(action, wanted);
    if (steps.at(-1)?.before === before) steps.pop();
    steps.push({ before, shares, kept });
  }
  return steps.toReversed();
}

/** The day whose close a dividend is compared with. */
export const dayBeforeEx = (exDate: CivilDate): CivilDate | undefined => tradingDayBefore(exDate)?.date;

/**
 * What a dividend leaves of a price: 1 − cash ÷ the last close before it.
 * Without that close, or where the cash is not less than it, the dividend adjusts nothing.
 */
function keptOf(
  { exDate, cashPerShare }: Extract<CorporateAction, { readonly type: "cash_dividend" }>,
  { actions, closeOn }: FactorsWanted,
): number {
  const date = dayBeforeEx(exDate);
  const close = date === undefined ? undefined : closeOn(date);
  if (date === undefined || close === undefined) return 1;
  // A split of the same morning comes first, so the cash is that of a new share and the close that of an old one.
  const shares = actions
    .filter((action) => action.type === "split")
    .filter((split) => split.exDate > date && split.exDate <= exDate)
    .reduce((product, { oldRate, newRate }) => (product * Number(newRate)) / Number(oldRate), 1);
  const kept = 1 - (unitsToNumber(cashPerShare) * shares) / close;
  return kept > 0 ? kept : 1;
}
