/** The money of an account at the clock: equity, margin, buying power. Derived, never stored. */
import { newYorkDate } from "../../calendar/index.ts";
import { cash, divideCeiling, divideHalfEven, larger, NO_CASH, SCALE, smaller, valueOf } from "../../kernel/index.ts";
import type { Cash, Instant } from "../../kernel/index.ts";
import { hasIntradayMargin, hasPdtRules } from "../models/dated-rules.ts";
import {
  initialPercent,
  longMaintenancePercent,
  PLAIN_INITIAL,
  PLAIN_MAINTENANCE,
  shortMaintenanceMargin,
} from "../models/margin.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Accruals, State } from "../state.ts";
import { dayTradeCount } from "./day-trades.ts";
import { lastFigures } from "./last-close.ts";
import { openedToday } from "./opened-today.ts";

/** Equity from which Regulation T lets an account borrow and short, in units of 10⁻⁹ dollars. */
const MARGIN_EQUITY_MIN = 2_000n * SCALE;

/** Equity at the last close from which a pattern day trader may trade (FINRA rule 4210 until 2026-06-04). */
export const PATTERN_EQUITY_MIN = cash(25_000n * SCALE);

/** What the market makes of the positions of an account; all in dollars. */
export interface Valuation {
  readonly equity: Cash;
  readonly longMarketValue: Cash;
  /** Zero or negative. */
  readonly shortMarketValue: Cash;
  readonly initialMargin: Cash;
  readonly maintenanceMargin: Cash;
  readonly unrealizedPnl: Cash;
}

export interface AccountFigures extends Valuation {
  readonly cash: Cash;
  readonly buyingPower: Cash;
  readonly regtBuyingPower: Cash;
  readonly daytradingBuyingPower: Cash;
  readonly nonMarginableBuyingPower: Cash;
  /** Held for open orders that open positions. */
  readonly reserved: Cash;
  readonly multiplier: 1 | 2 | 4;
  readonly isShortingEnabled: boolean;
  /** Regulatory fees that are accrued and not posted, rounded up to the cent. */
  readonly accruedFees: Cash;
  /** Interest and borrow cost that are accrued and not posted. */
  readonly accruedInterest: Cash;
  /** Of the last five business days; zero where the rule does not apply. */
  readonly dayTradeCount: number;
  readonly isPatternDayTrader: boolean;
}

/** What was valued last: commands of one instant ask for the same thing. */
interface Valued {
  known: KnownMarket;
  /** Whatever changes cash or shares is an activity. */
  activities: number;
  valuation: Valuation;
}

const lastValued = new WeakMap<Account, Valued>();

/** Positions at the last known prices; at cost while no price is known. */
export function valuationOf(account: Account, known: KnownMarket, at: Instant): Valuation {
  const last = lastValued.get(account);
  const activities = account.activities.length;
  if (last === undefined) {
    const valuation = valued(account, known, at);
    lastValued.set(account, { known, activities, valuation });
    return valuation;
  }
  if (last.known !== known || last.activities !== activities) {
    last.valuation = valued(account, known, at);
    last.known = known;
    last.activities = activities;
  }
  return last.valuation;
}

function valued(account: Account, known: KnownMarket, at: Instant): Valuation {
  const sums = new Sums();
  for (const { symbol, qty, avgEntryPrice, costBasis } of account.positions.values()) {
    const traits = known.traits(symbol);
    sums.cost += costBasis;
    const units = known.lastUnits(symbol);
    const shares = Number(qty) / UNIT;
    const value = units === undefined ? Infinity : units * shares;
    if (units !== undefined && shares > 0 && value <= Number.MAX_SAFE_INTEGER && Number.isInteger(shares)) {
      sums.addLong(value, longMaintenancePercent(units, traits, at), initialPercent(traits));
      continue;
    }
    const price = known.lastPrice(symbol) ?? avgEntryPrice;
    if (qty > 0n) {
      const maintenance = longMaintenancePercent(Number(price), traits, at);
      sums.addExact(valueOf(qty, price), valueOf(qty, price) * BigInt(maintenance), initialPercent(traits));
    } else {
      sums.addExact(valueOf(qty, price), shortMaintenanceMargin(qty, price) * HUNDRED, initialPercent(traits));
    }
  }
  const { long, short, initial, maintenance, cost } = sums.total();
  return {
    equity: cash(account.cash + long + short),
    longMarketValue: cash(long),
    shortMarketValue: cash(short),
    initialMargin: cash(divideHalfEven(initial, HUNDRED)),
    maintenanceMargin: cash(divideHalfEven(maintenance, HUNDRED)),
    unrealizedPnl: cash(long + short - cost),
  };
}

/** One in the units of fixed-point numbers. */
const UNIT = 1e9;

/** Sums of values by what they must be backed with: whole numbers as long as they are exact, then the long ones. */
class Sums {
  cost = 0n;
  #long = 0n;
  #short = 0n;
  #initial = 0n;
  #maintenance = 0n;
  /** Value, in units of 10⁻⁹, of longs that need half initially and 30 % to be kept: nearly all. */
  #plain = 0;

  addLong(value: number, maintenance: number, initial: number): void {
    if (maintenance !== PLAIN_MAINTENANCE || initial !== PLAIN_INITIAL) {
      const exact = BigInt(value);
      return this.addExact(exact, exact * BigInt(maintenance), initial);
    }
    if (this.#plain + value > Number.MAX_SAFE_INTEGER) this.#carry();
    this.#plain += value;
  }

  addExact(value: bigint, maintenance: bigint, initial: number): void {
    if (value > 0n) this.#long += value;
    else this.#short += value;
    this.#initial += (value < 0n ? -value : value) * BigInt(initial);
    this.#maintenance += maintenance;
  }

  total() {
    this.#carry();
    const [long, short, initial, maintenance] = [this.#long, this.#short, this.#initial, this.#maintenance];
    return { long, short, initial, maintenance, cost: this.cost };
  }

  #carry(): void {
    const exact = BigInt(this.#plain);
    this.#plain = 0;
    this.addExact(exact, exact * BigInt(PLAIN_MAINTENANCE), PLAIN_INITIAL);
  }
}

const HUNDRED = 100n;

/** What an account has and may spend. */
export function accountFigures(state: State, account: Account, known: KnownMarket): AccountFigures {
  const { config, clock } = state;
  const valuation = valuationOf(account, known, clock);
  const { reserved } = account;
  const multiplier = multiplierOf({ state, account, known, valuation });
  const powers = buyingPowers({ state, account, known, valuation, multiplier, reserved });
  const hasPdt = hasPdtRules(config, clock);
  return {
    ...valuation,
    cash: account.cash,
    ...powers,
    reserved,
    multiplier,
    isShortingEnabled: multiplier >= 2 && !account.configuration.noShorting,
    accruedFees: accruedFees(account.accruals),
    accruedInterest: cash(divideHalfEven(account.accruals.interest + account.accruals.borrow, SCALE)),
    dayTradeCount: hasPdt ? dayTradeCount(account.dayTrades, newYorkDate(clock)) : 0,
    isPatternDayTrader: hasPdt && account.isPatternDayTrader,
  };
}

/**
 * What an account may spend at least, without the pattern-day-trader's and the intraday extra: enough to say yes to
 * most orders.
 */
export function buyingPowerFloor(state: State, account: Account, known: KnownMarket): Cash {
  const valuation = valuationOf(account, known, state.clock);
  const isPlain = state.config.margin === "cash" || valuation.equity < MARGIN_EQUITY_MIN;
  const multiplier = isPlain || account.configuration.maxMarginMultiplier === 1 ? 1 : 2;
  const { reserved } = account;
  return buyingPowers({ state, account, known, valuation, multiplier, reserved }).buyingPower;
}

/** The whole cents that fees come to when they are posted, each type rounded up by itself (R32). */
export function feeCents(accrued: bigint): bigint {
  return divideCeiling(accrued, ATTO_CENT);
}

/** A cent in units of 10⁻¹⁸ and of 10⁻⁹ dollars. */
const ATTO_CENT = (SCALE * SCALE) / 100n;
export const CENT = SCALE / 100n;

const accruedFees = ({ sec, taf, cat }: Accruals): Cash => cash((feeCents(sec) + feeCents(taf) + feeCents(cat)) * CENT);

interface Context {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly valuation: Valuation;
}

/** 1 below 2,000 dollars of equity, else 2; 4 for a pattern day trader, and for all since the rule was replaced. */
function multiplierOf({ state, account, known, valuation }: Context): 1 | 2 | 4 {
  const most = account.configuration.maxMarginMultiplier;
  const { config, clock } = state;
  if (config.margin === "cash" || most === 1 || valuation.equity < MARGIN_EQUITY_MIN) return 1;
  if (most === 2) return 2;
  if (hasIntradayMargin(config, clock)) return 4;
  if (!account.isPatternDayTrader || !hasPdtRules(config, clock)) return 2;
  return lastFigures(state, account, known).equity >= PATTERN_EQUITY_MIN ? 4 : 2;
}

type Powers = Pick<
  AccountFigures,
  "buyingPower" | "regtBuyingPower" | "daytradingBuyingPower" | "nonMarginableBuyingPower"
>;

function buyingPowers(context: Context & { readonly multiplier: 1 | 2 | 4; readonly reserved: Cash }): Powers {
  const { state, account, valuation, multiplier, reserved } = context;
  const { equity, initialMargin } = valuation;
  const excess = larger(equity - initialMargin, 0n);
  const left = (power: bigint): Cash => cash(larger(power - reserved, 0n));
  const free = left(smaller(account.cash, equity));
  const cashOnly = left(state.config.margin === "cash" ? account.cash : smaller(account.cash, excess));
  if (multiplier === 1) {
    return {
      buyingPower: cashOnly,
      regtBuyingPower: cashOnly,
      daytradingBuyingPower: NO_CASH,
      nonMarginableBuyingPower: free,
    };
  }
  const regt = left(excess * 2n);
  const daytrading = multiplier === 4 ? left(daytradingPower(context)) : NO_CASH;
  return {
    buyingPower: larger(regt, daytrading),
    regtBuyingPower: regt,
    daytradingBuyingPower: daytrading,
    nonMarginableBuyingPower: free,
  };
}

/**
 * Until 2026-06-04: four times the maintenance excess of the last close, less what was opened today and still is.
 * Since then: what the maintenance excess of the moment carries at 30 %, four times the equity at most.
 */
function daytradingPower({ state, account, known, valuation }: Context): bigint {
  const { config, clock } = state;
  if (hasIntradayMargin(config, clock)) {
    const gross = valuation.longMarketValue - valuation.shortMarketValue;
    const carried = divideHalfEven((valuation.equity - valuation.maintenanceMargin) * 10n, 3n);
    return smaller(carried, valuation.equity * 4n - gross);
  }
  const last = lastFigures(state, account, known);
  return patternDaytradingPower(last) - openedToday(state, account);
}

/** FINRA rule 4210(f)(8)(B) until 2026-06-04. */
export const patternDaytradingPower = (last: { readonly equity: bigint; readonly maintenanceMargin: bigint }): bigint =>
  larger((last.equity - last.maintenanceMargin) * 4n, 0n);

/** What a pattern day trader may open today, for every order that it sends; the rest of its figures is not looked at. */
export function dayTradingFigures(
  state: State,
  account: Account,
  known: KnownMarket,
): Pick<AccountFigures, "multiplier" | "daytradingBuyingPower"> {
  const context = { state, account, known, valuation: valuationOf(account, known, state.clock) };
  const multiplier = multiplierOf(context);
  if (multiplier !== 4) return { multiplier, daytradingBuyingPower: NO_CASH };
  return { multiplier, daytradingBuyingPower: cash(larger(daytradingPower(context) - account.reserved, 0n)) };
}

/** Cash that is neither borrowed nor spoken for: what may be withdrawn. */
export function nonMarginable(state: State, account: Account, known: KnownMarket): Cash {
  return accountFigures(state, account, known).nonMarginableBuyingPower;
}
