/** Regulatory fees by date (rule R32): what a fill accrues, exact. */
import { newYorkDate } from "../../calendar/index.ts";
import { smaller, type Cash, type CivilDate, type Instant, type Quantity } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { OrderFilled, Side } from "../event.ts";

/** Rates of one date, in units of 10⁻⁹. */
export interface FeeRates {
  /** Dollars for each dollar sold (Section 31 of the Exchange Act). */
  readonly sec: bigint;
  /** Dollars for each share sold (FINRA's Trading Activity Fee), and the most for one trade. */
  readonly taf: bigint;
  readonly tafCap: bigint;
  /** Dollars for each share bought or sold (Consolidated Audit Trail). */
  readonly cat: bigint;
}

type Since<T> = readonly (readonly [since: string, ...rates: T[]])[];

/** Dollars a million; SEC fee rate advisories. Before 2010 the years are rounded to their main rate. */
const SEC_RATES: Since<number> = [
  ["1990-01-01", 33.33],
  ["2001-12-28", 15],
  ["2002-04-01", 30.1],
  ["2003-04-01", 46.8],
  ["2004-02-22", 23.4],
  ["2005-01-07", 41.8],
  ["2006-01-07", 30.7],
  ["2007-03-17", 15.3],
  ["2008-01-25", 5.6],
  ["2009-04-10", 25.7],
  ["2010-01-15", 12.7],
  ["2010-04-01", 16.9],
  ["2011-01-21", 19.2],
  ["2012-02-21", 18],
  ["2012-04-01", 22.4],
  ["2013-05-25", 17.4],
  ["2014-03-18", 22.1],
  ["2015-02-14", 18.4],
  ["2016-02-16", 21.8],
  ["2017-07-04", 23.1],
  ["2018-05-22", 13],
  ["2019-04-16", 20.7],
  ["2020-02-18", 22.1],
  ["2021-02-25", 5.1],
  ["2022-05-14", 22.9],
  ["2023-02-27", 8],
  ["2024-05-22", 27.8],
  ["2025-05-14", 0],
  ["2026-04-04", 20.6],
];

/** Dollars a share, and the most for one trade: Schedule A to FINRA's By-Laws, section 1. */
const TAF_RATES: Since<number> = [
  ["1990-01-01", 0, 0],
  ["2002-10-01", 0.0001, 10],
  ["2004-11-01", 0.000075, 3.75],
  ["2011-07-01", 0.00009, 4.5],
  ["2012-03-01", 0.000095, 4.75],
  ["2012-07-01", 0.000119, 5.95],
  ["2022-01-01", 0.00013, 6.49],
  ["2023-01-01", 0.000145, 7.27],
  ["2024-01-01", 0.000166, 8.3],
  ["2026-01-01", 0.000195, 9.79],
];

/** Dollars a share: FINRA rule 6897, current fee and historical assessment together. */
const CAT_RATES: Since<number> = [
  ["1990-01-01", 0],
  ["2024-09-01", 0.000035],
  ["2024-10-01", 0.000048],
  ["2025-01-01", 0.000035],
  ["2025-07-01", 0.000022],
];

/** The exact digits of a table's figures, which have at most nine decimals. */
const units = (rate: number | undefined, divisor = 1): bigint => BigInt(Math.round(((rate ?? 0) * 1e9) / divisor));

function inForce(table: Since<number>, date: CivilDate): readonly number[] {
  const [, ...rates] = table.findLast(([since]) => since <= date) ?? ["", 0];
  return rates;
}

/** A rate changes some thirty times in forty years; looking them up once a date is enough. */
const byDate = new Map<CivilDate, FeeRates>();

/** The rates of a date. */
export function feeRatesOn(date: CivilDate): FeeRates {
  const known = byDate.get(date);
  if (known !== undefined) return known;
  const [sec] = inForce(SEC_RATES, date);
  const [taf, tafCap] = inForce(TAF_RATES, date);
  const [cat] = inForce(CAT_RATES, date);
  const rates = { sec: units(sec, 1_000_000), taf: units(taf), tafCap: units(tafCap), cat: units(cat) };
  byDate.set(date, rates);
  return rates;
}

/** What one fill accrues, in units of 10⁻¹⁸ dollars; types that cost nothing are absent. */
export type FillFees = Pick<OrderFilled, "secFee" | "tafFee" | "catFee">;

export interface FilledSlice {
  readonly side: Side;
  readonly qty: Quantity;
  /** qty × price. */
  readonly cash: Cash;
}

export function feesAt(rates: FeeRates, { side, qty, cash }: FilledSlice): FillFees {
  const isSale = side === "sell";
  return {
    secFee: orNothing(isSale ? cash * rates.sec : 0n),
    tafFee: orNothing(isSale ? smaller(qty * rates.taf, rates.tafCap * UNIT) : 0n),
    catFee: orNothing(qty * rates.cat),
  };
}

/** 10⁻⁹ in units of 10⁻¹⁸. */
const UNIT = 1_000_000_000n;

const orNothing = (fee: bigint): bigint | undefined => (fee === 0n ? undefined : fee);

const NO_FEES: FillFees = { secFee: undefined, tafFee: undefined, catFee: undefined };

/** The fees of a fill under a session's config. */
export function feesOf(config: EngineConfig, at: Instant, slice: FilledSlice): FillFees {
  return config.fees === "none" ? NO_FEES : feesAt(feeRatesOn(newYorkDate(at)), slice);
}
