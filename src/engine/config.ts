/** The assumptions of a session: which model fills, slips, caps and ages its orders. Part of its record. */

/** Raised whenever the same commands on the same data would give other events. */
export const RULES_VERSION = 1;

export type Slippage =
  | { readonly model: "none" }
  /** Basis points of the reference price. */
  | { readonly model: "bps"; readonly args: readonly [number] }
  /** The larger of so many ticks and so many basis points. */
  | { readonly model: "tick_or_bps"; readonly args: readonly [number, number] };

/** A named set of assumptions, any of which may be overridden. */
export type Profile = "conservative" | "ideal";

export interface EngineConfig {
  readonly profile: Profile;
  /** "extended": the venue is open 04:00–20:00 New York for every order; "regular": Alpaca's rules (R19, R20). */
  readonly tradingHours: "extended" | "regular";
  readonly slippage: Slippage;
  /** Share of a bar's volume that one account may take (R28); null: no cap. */
  readonly participation: number | null;
  /** Whether a resting limit needs a trade through its price, or a touch (R11). */
  readonly limitRule: "through" | "touch";
  /** What an order sent during a day bar may use of it (R4). */
  readonly partialDayBar: "close_only" | "skip";
  /** Milliseconds from acceptance to eligibility (R3). */
  readonly latencyMs: number;
  /** Calendar days until a gtc order ages out (R20); null: never. */
  readonly gtcDays: number | null;
  /** For whatever a model draws at random. */
  readonly seed: number;
  readonly fees: "none";
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
  limitRule: "through",
  partialDayBar: "close_only",
  latencyMs: 0,
  gtcDays: 90,
  seed: 0,
  fees: "none",
  initialPositions: [],
  rulesVersion: RULES_VERSION,
};

const PROFILES: Record<Profile, EngineConfig> = {
  conservative: CONSERVATIVE,
  ideal: { ...CONSERVATIVE, profile: "ideal", slippage: { model: "none" }, participation: null, limitRule: "touch" },
};

/** All options of a profile (docs/models says what each does). */
export const defaultConfig = (profile: Profile): EngineConfig => PROFILES[profile];
