/** What the tests of bars share: pages over bars in memory, read as the market reads them. */
import { instant, isRefusal, price, type CivilDate, type CorporateAction } from "../../kernel/index.ts";
import type { SymbolEntry } from "../catalog/catalog.ts";
import { columnsOf, type TestBar } from "../market-fixture.ts";
import { monthAt, monthEnd, monthStart } from "../months.ts";
import { actionsBySymbol } from "../tables/actions-table.ts";
import { adjustedPage } from "./adjusted-page.ts";
import { parseBarsRequest, type BarsRequest } from "./bars-query.ts";
import type { BarsPage } from "./page.ts";
import type { LabelledBar } from "./resampler.ts";

export interface Stored {
  readonly bars: readonly TestBar[];
  readonly actions?: readonly CorporateAction[];
  readonly isAdjusted?: boolean;
}

export type Asked = Partial<BarsRequest> & { readonly timeframe: string };

/** A reader of pages of one symbol. Throws where a request is refused. */
export function pagesOf({ bars, actions = [], isAdjusted = false }: Stored): (asked: Asked) => Promise<BarsPage> {
  const sorted = bars.toSorted((a, b) => a.start - b.start);
  const months = [...new Set(sorted.map(({ start }) => monthAt(instant(start))))];
  const columns = new Map(
    months.map((month) => [
      month,
      columnsOf(sorted.filter(({ start }) => start >= monthStart(month) && start < monthEnd(month))),
    ]),
  );
  const entry: SymbolEntry = { symbol: "TEST", sources: [], months, isSynthetic: false, isAdjusted };
  const inOrder = actionsBySymbol(actions).get("TEST") ?? [];
  return async (asked) => {
    const all = { start: undefined, end: undefined, after: undefined, knownAt: undefined, limit: 100_000 };
    const parsed = parseBarsRequest({ symbol: "TEST", ...all, ...asked });
    if (isRefusal(parsed)) throw new Error(parsed.message);
    return adjustedPage({ ...parsed, entry, actions: inOrder }, (month) => columns.get(month) ?? columnsOf([]));
  };
}

/** A bar of a page as one that is stored. */
export const storedAgain = ({ start, end, vwap, trades, ...rest }: LabelledBar): TestBar => ({
  ...rest,
  start,
  lengthMs: end - start,
  ...(vwap === undefined ? {} : { vwap }),
  ...(trades === undefined ? {} : { trades }),
});

export const splitOn = (exDate: string, oldRate: number, newRate: number): CorporateAction => ({
  symbol: "TEST",
  exDate: exDate as CivilDate,
  type: "split",
  oldRate: BigInt(oldRate) * 1_000_000_000n,
  newRate: BigInt(newRate) * 1_000_000_000n,
});

/** `cents` are those of a share. */
export const dividendOn = (exDate: string, cents: number): CorporateAction => ({
  symbol: "TEST",
  exDate: exDate as CivilDate,
  type: "cash_dividend",
  recordDate: undefined,
  payDate: undefined,
  cashPerShare: price(BigInt(cents) * 10_000_000n),
});
