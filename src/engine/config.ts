/** The assumptions of a session: which model fills, slips, caps and ages its orders. Part of its record. */

/** Raised whenever the same commands on the same data would give other events. */
export const RULES_VERSION = 2;

export type Slippage =
  | { readonly model: "none" }
  /** Basis points of the reference price. */
  | { readonly model: "bps"; readonly args: readonly [number] }
  /** The larger of so many ticks and so many basis points. */
  | { readonly model: "tick_or_bps"; readonly args: readonly [number, number] };

/** A cost as a share of an amount a year, over 360 days (R37): 0.0625 is 6.25 %. */
export type YearlyRate = { readonly model: "none" } | { readonly model: "flat"; readonly args: readonly [number] };

/** A named set of assumptions, any of which may be overridden. */
export type Profile = "conservative" | "ideal" | "alpaca_paper" | "alpaca_live" | "pessimist";

export interface EngineConfig {
  readonly profile: Profile;
  /** "extended": the venue is open 04:00–20:00 New York for every order; "regular": Alpaca's rules (R19, R20). */
  readonly tradingHours: "extended" | "regular";
  readonly slippage: Slippage;
  /** Share of a bar's volume that one account may take (R28); null: no cap. */
  readonly participation: number | null;
  /** The volume that the share is taken of: the bar's own, or the average of the twenty bars before it (R28). */
  readonly volumeBasis: "bar" | "trailing";
  /** Share of fills that come in parts, drawn from the seed, as in Alpaca's paper trading. */
  readonly partialFills: number;
  /** Whether a resting limit needs a trade through its price, one tick further, or a touch (R11). */
  readonly limitRule: "through" | "through_by_tick" | "touch";
  /** Which extreme of a bar is taken to come first (R16, R23). */
  readonly intrabar: "worst_case" | "adaptive" | "ohlc" | "olhc";
  /** What an order sent during a day bar may use of it (R4). */
  readonly partialDayBar: "close_only" | "skip";
  /** Whether a bar that opens at the very instant of an order may fill it (R6a). */
  readonly openEqual: "take" | "skip";
  /** What a cancel sent while a bar runs does to that bar's fills (R6b). */
  readonly cancelRace: "cancel_wins" | "fill_wins";
  /** Milliseconds from acceptance to eligibility (R3). */
  readonly latencyMs: number;
  /** Calendar days until a gtc order ages out (R20); null: never. */
  readonly gtcDays: number | null;
  /** Minutes before the close from which on orders for its auction are refused (R18). */
  readonly clsCutOffMinutes: number;
  /** How auction orders end that the auction left (R18). */
  readonly auctionLeftover: "expired" | "canceled";
  /** Whether buy stops become stop-limits 4 % above (2.5 % from 50 dollars), as at Alpaca. */
  readonly alpacaBuyStopCollar: boolean;
  /** How far from the last price a market order may fill, as a share; null: wherever the market is. */
  readonly marketCollar: number | null;
  /** What an order does that would cross zero (R34). */
  readonly flip: "refuse" | "split";
  readonly fees: "us_equity" | "none";
  /** Cost of borrowing shares sold short (R37). */
  readonly borrow: YearlyRate;
  /** Cost of borrowed cash (R37). */
  readonly interest: YearlyRate;
  readonly margin: "reg_t" | "cash";
  /** What a margin call at the end of the day does (R36). */
  readonly marginCall: "liquidate_next_open" | "flag_only" | "immediate";
  /** Pattern-day-trader rules: before 2026-06-04, always, or never (R38). */
  readonly pdt: "by_date" | "legacy" | "none";
  /** When a cash dividend is booked (R43). */
  readonly dividends: "pay_date" | "ex_date" | "none";
  /** What becomes of fractions in a forward split of a fractionable asset (R40). */
  readonly splitFractions: "keep" | "cash";
  /** For whatever a model draws at random. */
  readonly seed: number;
  readonly initialPositions: readonly InitialPosition[];
  readonly rulesVersion: number;
}

/** A holding given to each new account; decimals as text. Cash is not charged for it. */
export interface InitialPosition {
  readonly symbol: string;
  readonly qty: string;
  readonly avgEntryPrice: string;
}

const CONSERVATIVE: EngineConfig = {
  profile: "conservative",
  tradingHours: "extended",
  slippage: { model: "tick_or_bps", args: [1, 1] },
  participation: 0.1,
  volumeBasis: "bar",
  partialFills: 0,
  limitRule: "through",
  intrabar: "worst_case",
  partialDayBar: "close_only",
  openEqual: "take",
  cancelRace: "cancel_wins",
  latencyMs: 0,
  gtcDays: 90,
  clsCutOffMinutes: 10,
  auctionLeftover: "expired",
  alpacaBuyStopCollar: false,
  marketCollar: null,
  flip: "refuse",
  fees: "us_equity",
  borrow: { model: "flat", args: [0.005] },
  interest: { model: "flat", args: [0.0625] },
  margin: "reg_t",
  marginCall: "liquidate_next_open",
  pdt: "by_date",
  dividends: "pay_date",
  splitFractions: "keep",
  seed: 0,
  initialPositions: [],
  rulesVersion: RULES_VERSION,
};

/** Nothing costs anything, and every price that is reached fills. */
const IDEAL: EngineConfig = {
  ...CONSERVATIVE,
  profile: "ideal",
  slippage: { model: "none" },
  participation: null,
  limitRule: "touch",
  intrabar: "ohlc",
  fees: "none",
  borrow: { model: "none" },
  interest: { model: "none" },
};

const PROFILES: Record<Profile, EngineConfig> = {
  conservative: CONSERVATIVE,
  ideal: IDEAL,
  alpaca_paper: {
    ...IDEAL,
    profile: "alpaca_paper",
    partialFills: 0.1,
    intrabar: "adaptive",
    auctionLeftover: "canceled",
    dividends: "none",
  },
  alpaca_live: {
    ...CONSERVATIVE,
    profile: "alpaca_live",
    latencyMs: 150,
    auctionLeftover: "canceled",
    alpacaBuyStopCollar: true,
    marketCollar: 0.05,
  },
  pessimist: {
    ...CONSERVATIVE,
    profile: "pessimist",
    slippage: { model: "bps", args: [5] },
    participation: 0.025,
    limitRule: "through_by_tick",
    openEqual: "skip",
    cancelRace: "fill_wins",
    latencyMs: 1000,
    borrow: { model: "flat", args: [0.03] },
    interest: { model: "flat", args: [0.0825] },
  },
};

/** All options of a profile (docs/models says what each does). */
export const defaultConfig = (profile: Profile): EngineConfig => PROFILES[profile];

/** What the first version of the rules did where it had no option yet; its sessions are read with these. */
const FIRST_RULES: EngineConfig = {
  ...CONSERVATIVE,
  fees: "none",
  borrow: { model: "none" },
  interest: { model: "none" },
  marginCall: "flag_only",
  pdt: "none",
  dividends: "none",
};

/** The config of a recorded session, complete also where it was written before an option came into being. */
export const completeConfig = (recorded: EngineConfig): EngineConfig => ({
  ...(recorded.rulesVersion === RULES_VERSION ? CONSERVATIVE : FIRST_RULES),
  ...recorded,
});
