/** Pages of bars from the latest to the earliest: stretches read forwards, the last one first. */
import { DAY_MS, instant, type Instant } from "../../kernel/index.ts";
import { monthEnd, monthStart, type Month } from "../months.ts";
import type { BarsPage } from "./page.ts";
import type { LabelledBar, PageSpec } from "./resampler.ts";

/** A bar of twelve months begins as early as a year before its data. */
const LONGEST_BAR_MS = 366 * DAY_MS;

/** A month of minutes is read in about a third of a millisecond; weeks and months are looked for a year at a time. */
const stretchMs = ({ timeframe }: PageSpec): number =>
  timeframe.unit === "Week" || timeframe.unit === "Month" ? LONGEST_BAR_MS : 31 * DAY_MS;

/**
 * The page that ends with the smallest labels; `spec.to` is the largest. `forwards` reads a stretch in ascending order.
 * `months` are those that have data, oldest first.
 */
export async function descendingPage(
  spec: PageSpec,
  months: readonly Month[],
  forwards: (spec: PageSpec) => Promise<BarsPage>,
): Promise<BarsPage> {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return { bars: [], isLast: true };
  const lowest = Math.max(spec.from, monthStart(first) - LONGEST_BAR_MS);
  const found: LabelledBar[] = [];
  let to: Instant = instant(Math.min(spec.to, spec.knownAt, monthEnd(last)));
  while (to >= lowest && found.length <= spec.limit) {
    const from = instant(Math.max(lowest, to - stretchMs(spec) + 1));
    const { bars } = await forwards({ ...spec, from, to, limit: Infinity });
    for (let index = bars.length - 1; index >= 0; index -= 1) found.push(bars[index] as LabelledBar);
    to = instant(from - 1);
  }
  return { bars: found.slice(0, spec.limit), isLast: found.length <= spec.limit };
}
