/** What a company does to its shares: the facts that a broker books (rules R39 to R44). */
import type { CivilDate } from "./civil.ts";
import type { Price } from "./money.ts";

interface ActionFacts {
  readonly symbol: string;
  /** The first date on which the shares trade without it; it takes effect at the start of that day in New York. */
  readonly exDate: CivilDate;
}

/** `newRate` shares for every `oldRate` held; in units of 10⁻⁹, both positive. 2-for-1: old 1, new 2. */
export interface Split extends ActionFacts {
  readonly type: "split";
  readonly oldRate: bigint;
  readonly newRate: bigint;
}

export interface CashDividend extends ActionFacts {
  readonly type: "cash_dividend";
  readonly recordDate: CivilDate | undefined;
  /** Where the source has none, the ex-date stands in for it. */
  readonly payDate: CivilDate | undefined;
  /** Dollars a share; positive. */
  readonly cashPerShare: Price;
}

export interface SymbolChange extends ActionFacts {
  readonly type: "symbol_change";
  readonly newSymbol: string;
}

/** The shares cease to exist: for cash a share, or, where none is stated, at their last price. */
export interface Delisting extends ActionFacts {
  readonly type: "delisting" | "merger";
  readonly cashPerShare: Price | undefined;
}

export type CorporateAction = Split | CashDividend | SymbolChange | Delisting;
