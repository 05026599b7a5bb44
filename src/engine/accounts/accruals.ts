/** Costs that build up and are posted later: interest, borrow, regulatory fees (rules R32 and R37). */
import { newYorkDate, tradingDayOn, tradingDaysBetween } from "../../calendar/index.ts";
import {
  cash,
  dateFromDays,
  daysOf,
  divideCeiling,
  divideHalfEven,
  NO_CASH,
  SCALE,
  unitsFromNumber,
  valueOf,
  quantity,
  weekdayOf,
  type Cash,
  type CivilDate,
  type Instant,
} from "../../kernel/index.ts";
import type { EngineConfig, YearlyRate } from "../config.ts";
import type { AccountEntry, Accrual, EngineEvent } from "../event.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account } from "../state.ts";
import { CENT, feeCents } from "./figures.ts";

/** A year of interest has 360 days, and Friday counts for the weekend (R37). */
const YEAR_DAYS = 360n;
const FRIDAY = 5;

/** Shares are borrowed by the hundred. */
const LOT = 100n * SCALE;

interface DayEnd {
  readonly config: EngineConfig;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly at: Instant;
}

type Accrued = Extract<EngineEvent, { kind: "cost_accrued" }>;

/** A day's interest on borrowed cash and cost of borrowed shares. */
export function dailyCosts({ config, account, known, at }: DayEnd): readonly Accrued[] {
  const days = weekdayOf(daysOf(newYorkDate(at))) === FRIDAY ? 3n : 1n;
  const debit = account.cash < 0n ? -account.cash : 0n;
  const costs = [
    { accrual: "interest", accrued: costOf(config.interest, debit, days) },
    { accrual: "borrow", accrued: costOf(config.borrow, borrowedValue(account, known), days) },
  ] as const;
  return costs
    .filter(({ accrued }) => accrued > 0n)
    .map((cost) => ({ kind: "cost_accrued", at, account: account.ordinal, ...cost }));
}

/** amount × rate ÷ 360 × days, to 10⁻¹⁸. */
function costOf(rate: YearlyRate, amount: bigint, days: bigint): bigint {
  if (rate.model === "none") return 0n;
  return divideHalfEven(amount * unitsFromNumber(rate.args[0]) * days, YEAR_DAYS);
}

/** Shares sold short, rounded up to the next hundred, at the last price. */
function borrowedValue(account: Account, known: KnownMarket): bigint {
  let value = 0n;
  for (const { symbol, qty, avgEntryPrice } of account.positions.values()) {
    if (qty >= 0n) continue;
    const lots = quantity(divideCeiling(-qty, LOT) * LOT);
    value += valueOf(lots, known.lastPrice(symbol) ?? avgEntryPrice);
  }
  return value;
}

/** Interest and borrow cost are posted at the end of the month's last session. */
export function monthlyPostings({
  account,
  accrued,
  at,
}: {
  readonly account: Account;
  readonly accrued: readonly Accrued[];
  readonly at: Instant;
}): readonly EngineEvent[] {
  if (!isMonthEnd(newYorkDate(at))) return [];
  return postCosts(account, accrued, at);
}

function isMonthEnd(date: CivilDate): boolean {
  const rest = tradingDaysBetween(dateFromDays(daysOf(date) + 1), `${date.slice(0, 8)}31` as CivilDate);
  return tradingDayOn(date) !== undefined && rest.length === 0;
}

/** Everything that is accrued, whenever it would have been posted: for a session that ends. */
export function postEverything(account: Account, at: Instant): readonly EngineEvent[] {
  return [...postCosts(account, [], at), ...postFees(account, at)];
}

function postCosts(account: Account, accrued: readonly Accrued[], at: Instant): readonly EngineEvent[] {
  const total = (accrual: "interest" | "borrow"): bigint =>
    accrued.reduce((sum, cost) => (cost.accrual === accrual ? sum + cost.accrued : sum), account.accruals[accrual]);
  const postings: readonly Posting[] = [
    {
      posts: "interest",
      entry: "INT",
      subType: "MGN",
      description: "Margin interest",
      amount: nearestCent(total("interest")),
    },
    {
      posts: "borrow",
      entry: "FEE",
      subType: undefined,
      description: "Stock borrow fee",
      amount: nearestCent(total("borrow")),
    },
  ];
  return entries(
    account,
    postings.filter(({ posts }) => total(posts as "interest" | "borrow") > 0n),
    at,
  );
}

const nearestCent = (accrued: bigint): Cash => cash(divideHalfEven(accrued, SCALE * CENT) * CENT);

/** The day's regulatory fees, one entry a type, each rounded up to the cent (R32). */
export function postFees(account: Account, at: Instant): readonly EngineEvent[] {
  const { sec, taf, cat } = account.accruals;
  const fee = (accrued: bigint): Cash => cash(feeCents(accrued) * CENT);
  const postings: readonly (Posting & { readonly accrued: bigint })[] = [
    { posts: "sec", entry: "FEE", subType: "REG", description: "SEC fee", amount: fee(sec), accrued: sec },
    {
      posts: "taf",
      entry: "FEE",
      subType: "TAF",
      description: "FINRA trading activity fee",
      amount: fee(taf),
      accrued: taf,
    },
    {
      posts: "cat",
      entry: "FEE",
      subType: "CAT",
      description: "Consolidated audit trail fee",
      amount: fee(cat),
      accrued: cat,
    },
  ];
  return entries(
    account,
    postings.filter(({ accrued }) => accrued > 0n),
    at,
  );
}

interface Posting {
  readonly posts: Accrual;
  readonly entry: "INT" | "FEE";
  readonly subType: string | undefined;
  readonly description: string;
  readonly amount: Cash;
}

function entries(account: Account, postings: readonly Posting[], at: Instant): readonly AccountEntry[] {
  return postings.map(({ posts, entry, subType, description, amount }) => ({
    ...plainEntry({ account: account.ordinal, at }),
    entry,
    subType,
    netAmount: cash(-amount),
    posts,
    description,
  }));
}

/** The fields of an entry that moves cash and nothing else. */
export function plainEntry({
  account,
  at,
}: {
  readonly account: number;
  readonly at: Instant;
}): Omit<AccountEntry, "entry" | "subType" | "netAmount" | "description"> {
  return {
    kind: "account_entry",
    at,
    account,
    symbol: undefined,
    realized: NO_CASH,
    qty: undefined,
    price: undefined,
    perShare: undefined,
    holdings: [],
    posts: undefined,
    pays: undefined,
    date: newYorkDate(at),
  };
}
