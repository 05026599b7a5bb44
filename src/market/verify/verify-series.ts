/** Checks a series of the catalog: its files against their hashes, then its bars, a month at a time. */
import { monthStart } from "../months.ts";
import type { Market } from "../market.ts";
import { readSeries, type SeriesKey } from "../catalog/read-series.ts";
import { openVerifier, type SeriesVerdict } from "./verify-columns.ts";

/**
 * Undefined where the series does not exist. A file that is damaged or gone is a finding, and the months that can be
 * read are checked.
 */
export async function verifySeries(market: Market, key: SeriesKey): Promise<SeriesVerdict | undefined> {
  const reading = await readSeries(market, key, ({ timeframe, isAdjusted }) => {
    const actions = market.corporateActions(key.symbol);
    const verifier = openVerifier({ symbol: key.symbol, timeframe, isAdjusted, actions });
    return { take: verifier.take, result: () => verifier };
  });
  if (reading === undefined) return undefined;
  const { result: verifier, damages } = reading;
  for (const { month, message } of damages) verifier.lose("damaged_file", { at: monthStart(month), message });
  return verifier.finish();
}
