/** The `config` of a session: named options with defaults by profile, checked to the last value. */
import { Type } from "typebox";
import {
  defaultConfig,
  RULES_VERSION,
  type EngineConfig,
  type InitialPosition,
  type Profile,
  type Slippage,
} from "../../engine/index.ts";
import {
  absolute,
  formatUnits,
  INITIAL_POSITIONS_MAX,
  ORDER_PRICE_MAX,
  ORDER_QTY_MAX,
  refuse,
  SCALE,
  type RefusalReason,
} from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { optionalUnits } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";

/** What a body may bring; the meaning of each option is checked by hand, so that a refusal can list what is known. */
export const ConfigBody = Type.Record(Type.String(), Type.Unknown(), {
  description:
    "Options: profile, tradingHours, slippage, participation, limitRule, partialDayBar, latencyMs, gtcDays, seed, fees, initialPositions. docs/models says what they do.",
});

/** What is in effect, complete. */
export const ConfigView = Type.Object({
  profile: Type.Enum(["conservative", "ideal"]),
  tradingHours: Type.Enum(["extended", "regular"]),
  slippage: Type.Object({
    model: Type.Enum(["none", "bps", "tick_or_bps"]),
    args: Type.Optional(Type.Array(Type.Number())),
  }),
  participation: Type.Union([Type.Number(), Type.Null()]),
  limitRule: Type.Enum(["through", "touch"]),
  partialDayBar: Type.Enum(["close_only", "skip"]),
  latencyMs: Type.Integer(),
  gtcDays: Type.Union([Type.Integer(), Type.Null()]),
  seed: Type.Integer(),
  fees: Type.Enum(["none"]),
  initialPositions: Type.Array(
    Type.Object({ symbol: Type.String(), qty: Type.String(), avgEntryPrice: Type.String() }),
  ),
  rulesVersion: Type.Integer(),
});

type Options = Readonly<Record<string, unknown>>;
type Reader<T> = (value: unknown, name: string) => T;

const reject = (message: string, reason: RefusalReason = "bad_request"): never => {
  throw new RefusedRequest(refuse(reason, message));
};

/** One of some words; words of a later version are known but refused as such. */
function word<T extends string>(known: readonly T[], later: readonly string[] = []): Reader<T> {
  return (value, name) => {
    const found = known.find((each) => each === value);
    if (found !== undefined) return found;
    if (later.some((each) => each === value)) {
      return reject(
        `config.${name} ${shown(value)} is not supported yet; supported are ${known.join(", ")}`,
        "not_supported_yet",
      );
    }
    return reject(`config.${name} must be one of ${known.join(", ")}, got ${shown(value)}`);
  };
}

function whole(min: number, max: number): Reader<number> {
  return (value, name) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    return reject(`config.${name} must be a whole number from ${min} to ${max}, got ${shown(value)}`);
  };
}

const orNull =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, name) =>
    value === null ? null : read(value, name);

const share: Reader<number> = (value, name) => {
  if (typeof value === "number" && value > 0 && value <= 1) return value;
  return reject(`config.${name} must be a number > 0 and <= 1, or null for no cap, got ${shown(value)}`);
};

/** Longest latency and oldest order that make sense: a day, and ten years. */
const LATENCY_MS_MAX = 86_400_000;
const GTC_DAYS_MAX = 3653;
const BPS_MAX = 10_000;

const readProfile = word<Profile>(["conservative", "ideal"], ["alpaca_paper", "alpaca_live", "pessimist"]);

const READERS: { readonly [Name in keyof EngineConfig]: Reader<EngineConfig[Name]> } = {
  profile: readProfile,
  tradingHours: word(["extended", "regular"]),
  slippage: readSlippage,
  participation: orNull(share),
  limitRule: word(["through", "touch"]),
  partialDayBar: word(["close_only", "skip"]),
  latencyMs: whole(0, LATENCY_MS_MAX),
  gtcDays: orNull(whole(1, GTC_DAYS_MAX)),
  seed: whole(-2_147_483_648, 4_294_967_295),
  fees: word(["none"], ["us_equity"]),
  initialPositions: readPositions,
  rulesVersion: (value) => {
    if (value === RULES_VERSION) return RULES_VERSION;
    return reject(`config.rulesVersion must be ${RULES_VERSION}, the rules of this version, got ${shown(value)}`);
  },
};

/** Options of the models that a later version brings. */
const LATER: readonly string[] = [
  "intrabar",
  "alpacaBuyStopCollar",
  "volumeBasis",
  "margin",
  "marginCall",
  "borrow",
  "dividends",
  "cancelRace",
  "openEqual",
  "auctionLeftover",
  "flip",
  "pdt",
  "marketCollar",
  "quoteBasis",
  "sizeRule",
  "interest",
];

/** The complete config: the profile's defaults with the given options over them. */
export function parseConfig(options: Options): EngineConfig {
  for (const name of Object.keys(options)) {
    if (LATER.includes(name)) reject(`config.${name} is not supported yet`, "not_supported_yet");
    if (!Object.hasOwn(READERS, name))
      reject(`config.${name} is not known; known are: ${Object.keys(READERS).join(", ")}`);
  }
  const profile = options["profile"] === undefined ? "conservative" : readProfile(options["profile"], "profile");
  const read = <Name extends keyof EngineConfig>(name: Name): EngineConfig[Name] =>
    options[name] === undefined ? defaultConfig(profile)[name] : READERS[name](options[name], name);
  return {
    profile,
    tradingHours: read("tradingHours"),
    slippage: read("slippage"),
    participation: read("participation"),
    limitRule: read("limitRule"),
    partialDayBar: read("partialDayBar"),
    latencyMs: read("latencyMs"),
    gtcDays: read("gtcDays"),
    seed: read("seed"),
    fees: read("fees"),
    initialPositions: read("initialPositions"),
    rulesVersion: read("rulesVersion"),
  };
}

const SLIPPAGE_ARGS: Readonly<Record<Slippage["model"], number>> = { none: 0, bps: 1, tick_or_bps: 2 };

function readSlippage(value: unknown, name: string): Slippage {
  const { model, args = [], ...rest } = record(value, name, 'an object such as {"model":"tick_or_bps","args":[1,1]}');
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) reject(`config.${name}.${unknown} is not known; known are: model, args`);
  const known = word(["tick_or_bps", "bps", "none"])(model, `${name}.model`);
  const count = SLIPPAGE_ARGS[known];
  const numbers = Array.isArray(args) ? args.filter(isSlippageArgument) : [];
  const [first = 0, second = 0] = numbers;
  if (!Array.isArray(args) || args.length !== count || numbers.length !== count) {
    reject(`config.${name}.args must be ${count} numbers from 0 to ${BPS_MAX} for ${known}, got ${shown(args)}`);
  }
  if (known === "none") return { model: known };
  return known === "bps" ? { model: known, args: [first] } : { model: known, args: [first, second] };
}

const isSlippageArgument = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= BPS_MAX;

function readPositions(value: unknown, name: string): readonly InitialPosition[] {
  if (!Array.isArray(value))
    return reject(`config.${name} must be a list of {symbol, qty, avgEntryPrice}, got ${shown(value)}`);
  if (value.length > INITIAL_POSITIONS_MAX) {
    return reject(`config.${name} must have at most ${INITIAL_POSITIONS_MAX} positions, got ${value.length}`);
  }
  const positions = value.map((each, index) => readPosition(each, `${name}.${index}`));
  const seen = new Set<string>();
  for (const { symbol } of positions) {
    if (seen.has(symbol)) reject(`config.${name} must name each symbol once, got ${symbol} twice`);
    seen.add(symbol);
  }
  return positions;
}

function readPosition(value: unknown, name: string): InitialPosition {
  const { symbol, qty, avgEntryPrice, ...rest } = record(value, name, "an object {symbol, qty, avgEntryPrice}");
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) reject(`config.${name}.${unknown} is not known; known are: symbol, qty, avgEntryPrice`);
  if (typeof symbol !== "string" || !/^[A-Z][A-Z0-9./-]{0,14}$/.test(symbol)) {
    return reject(`config.${name}.symbol must be a symbol, got ${shown(symbol)}`);
  }
  const shares = optionalUnits(`config.${name}.qty`, qty, "bad_request") ?? 0n;
  const average = optionalUnits(`config.${name}.avgEntryPrice`, avgEntryPrice, "bad_request") ?? 0n;
  if (shares === 0n || absolute(shares) > ORDER_QTY_MAX * SCALE) {
    return reject(
      `config.${name}.qty must be a number of shares other than 0, at most ${ORDER_QTY_MAX}, got ${shown(qty)}`,
    );
  }
  if (shares < 0n && shares % SCALE !== 0n)
    return reject(`config.${name}.qty must be whole for a short, got ${shown(qty)}`);
  if (average <= 0n || average > ORDER_PRICE_MAX * SCALE) {
    return reject(`config.${name}.avgEntryPrice must be > 0 and <= ${ORDER_PRICE_MAX}, got ${shown(avgEntryPrice)}`);
  }
  return { symbol, qty: formatUnits(shares), avgEntryPrice: formatUnits(average) };
}

function record(value: unknown, name: string, wanted: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return reject(`config.${name} must be ${wanted}, got ${shown(value)}`);
}
