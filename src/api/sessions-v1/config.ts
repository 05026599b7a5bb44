/** The `config` of a session: named options with defaults by profile, checked to the last value. */
import { Type } from "typebox";
import { defaultConfig, RULES_VERSION, type EngineConfig, type Profile, type Slippage } from "../../engine/index.ts";
import { nullable } from "../wire/schemas.ts";
import { shown } from "../wire/validation.ts";
import { readPositions } from "./initial-positions.ts";
import {
  limitingShare,
  orNull,
  readModel,
  reject,
  share,
  truth,
  whole,
  word,
  wordsOf,
  type Reader,
} from "./option-readers.ts";

/** Options whose value is one of some words. */
const WORDS = {
  profile: wordsOf<Profile>({
    conservative: true,
    ideal: true,
    alpaca_paper: true,
    alpaca_live: true,
    pessimist: true,
  }),
  tradingHours: wordsOf<EngineConfig["tradingHours"]>({ extended: true, regular: true }),
  volumeBasis: wordsOf<EngineConfig["volumeBasis"]>({ bar: true, trailing: true }),
  limitRule: wordsOf<EngineConfig["limitRule"]>({ through: true, through_by_tick: true, touch: true }),
  intrabar: wordsOf<EngineConfig["intrabar"]>({ worst_case: true, adaptive: true, ohlc: true, olhc: true }),
  partialDayBar: wordsOf<EngineConfig["partialDayBar"]>({ close_only: true, skip: true }),
  openEqual: wordsOf<EngineConfig["openEqual"]>({ take: true, skip: true }),
  cancelRace: wordsOf<EngineConfig["cancelRace"]>({ cancel_wins: true, fill_wins: true }),
  auctionLeftover: wordsOf<EngineConfig["auctionLeftover"]>({ expired: true, canceled: true }),
  flip: wordsOf<EngineConfig["flip"]>({ refuse: true, split: true }),
  fees: wordsOf<EngineConfig["fees"]>({ us_equity: true, none: true }),
  margin: wordsOf<EngineConfig["margin"]>({ reg_t: true, cash: true }),
  marginCall: wordsOf<EngineConfig["marginCall"]>({ liquidate_next_open: true, flag_only: true, immediate: true }),
  pdt: wordsOf<EngineConfig["pdt"]>({ by_date: true, legacy: true, none: true }),
  dividends: wordsOf<EngineConfig["dividends"]>({ pay_date: true, ex_date: true, none: true }),
  splitFractions: wordsOf<EngineConfig["splitFractions"]>({ keep: true, cash: true }),
};

const SLIPPAGE_ARGS: Readonly<Record<Slippage["model"], number>> = { tick_or_bps: 2, bps: 1, none: 0 };
const RATE_ARGS: Readonly<Record<EngineConfig["borrow"]["model"], number>> = { flat: 1, none: 0 };

const RateView = Type.Object({
  model: Type.Enum(Object.keys(RATE_ARGS)),
  args: Type.Optional(Type.Array(Type.Number(), { description: "A share of the amount a year: 0.0625 is 6.25 %." })),
});

/** What is in effect, complete. */
export const ConfigView = Type.Object({
  profile: Type.Enum(WORDS.profile),
  tradingHours: Type.Enum(WORDS.tradingHours),
  slippage: Type.Object({
    model: Type.Enum(Object.keys(SLIPPAGE_ARGS)),
    args: Type.Optional(Type.Array(Type.Number())),
  }),
  participation: nullable(Type.Number()),
  volumeBasis: Type.Enum(WORDS.volumeBasis),
  partialFills: Type.Number(),
  limitRule: Type.Enum(WORDS.limitRule),
  intrabar: Type.Enum(WORDS.intrabar),
  partialDayBar: Type.Enum(WORDS.partialDayBar),
  openEqual: Type.Enum(WORDS.openEqual),
  cancelRace: Type.Enum(WORDS.cancelRace),
  latencyMs: Type.Integer(),
  gtcDays: nullable(Type.Integer()),
  clsCutOffMinutes: Type.Integer(),
  auctionLeftover: Type.Enum(WORDS.auctionLeftover),
  alpacaBuyStopCollar: Type.Boolean(),
  marketCollar: nullable(Type.Number()),
  flip: Type.Enum(WORDS.flip),
  fees: Type.Enum(WORDS.fees),
  borrow: RateView,
  interest: RateView,
  margin: Type.Enum(WORDS.margin),
  marginCall: Type.Enum(WORDS.marginCall),
  pdt: Type.Enum(WORDS.pdt),
  dividends: Type.Enum(WORDS.dividends),
  splitFractions: Type.Enum(WORDS.splitFractions),
  seed: Type.Integer(),
  initialPositions: Type.Array(
    Type.Object({ symbol: Type.String(), qty: Type.String(), avgEntryPrice: Type.String() }),
  ),
  rulesVersion: Type.Integer(),
});

/** Longest latency, oldest order and earliest cut-off that make sense: a day, ten years, an hour. */
const LATENCY_MS_MAX = 86_400_000;
const GTC_DAYS_MAX = 3653;
const CLS_CUT_OFF_MINUTES_MAX = 60;

/** The whole price in basis points, and ten times an amount a year. */
const SLIPPAGE_MAX = 10_000;
const YEARLY_SHARE_MAX = 10;

const READERS: { readonly [Name in keyof EngineConfig]: Reader<EngineConfig[Name]> } = {
  profile: word(WORDS.profile),
  tradingHours: word(WORDS.tradingHours),
  slippage: readSlippage,
  participation: limitingShare("no cap"),
  volumeBasis: word(WORDS.volumeBasis),
  partialFills: share,
  limitRule: word(WORDS.limitRule),
  intrabar: word(WORDS.intrabar),
  partialDayBar: word(WORDS.partialDayBar),
  openEqual: word(WORDS.openEqual),
  cancelRace: word(WORDS.cancelRace),
  latencyMs: whole(0, LATENCY_MS_MAX),
  gtcDays: orNull(whole(1, GTC_DAYS_MAX)),
  clsCutOffMinutes: whole(0, CLS_CUT_OFF_MINUTES_MAX),
  auctionLeftover: word(WORDS.auctionLeftover),
  alpacaBuyStopCollar: truth,
  marketCollar: limitingShare("no collar"),
  flip: word(WORDS.flip),
  fees: word(WORDS.fees),
  borrow: readRate,
  interest: readRate,
  margin: word(WORDS.margin),
  marginCall: word(WORDS.marginCall),
  pdt: word(WORDS.pdt),
  dividends: word(WORDS.dividends),
  splitFractions: word(WORDS.splitFractions),
  seed: whole(-2_147_483_648, 4_294_967_295),
  initialPositions: readPositions,
  rulesVersion: (value) => {
    if (value === RULES_VERSION) return RULES_VERSION;
    return reject(`config.rulesVersion must be ${RULES_VERSION}, the rules of this version, got ${shown(value)}`);
  },
};

/** What a body may bring; the meaning of each option is checked by hand, so that a refusal can list what is known. */
export const ConfigBody = Type.Record(Type.String(), Type.Unknown(), {
  description: `Options: ${Object.keys(READERS).join(", ")}. docs/reference/options.md says what they take.`,
});

/** Options of fills on quotes and trades, of which this version has none. */
const LATER: readonly string[] = ["quoteBasis", "sizeRule"];

type Options = Readonly<Record<string, unknown>>;

/**
 * The complete config: the given options over the profile's defaults, or over what was in effect before. A profile that
 * is given sets everything anew.
 */
export function parseConfig(options: Options, before: EngineConfig = defaultConfig("conservative")): EngineConfig {
  for (const name of Object.keys(options)) {
    if (LATER.includes(name)) reject(`config.${name} is not supported yet`, "not_supported_yet");
    if (!Object.hasOwn(READERS, name))
      reject(`config.${name} is not known; known are: ${Object.keys(READERS).join(", ")}`);
  }
  const profile = options["profile"];
  const base = profile === undefined ? before : defaultConfig(READERS.profile(profile, "profile"));
  const config: Record<string, unknown> = { ...base, initialPositions: before.initialPositions };
  for (const [name, read] of Object.entries<Reader<unknown>>(READERS))
    if (options[name] !== undefined) config[name] = read(options[name], name);
  return config as unknown as EngineConfig;
}

function readSlippage(value: unknown, name: string): Slippage {
  const example = '{"model":"tick_or_bps","args":[1,1]}';
  const { model, args } = readModel(value, name, { args: SLIPPAGE_ARGS, max: SLIPPAGE_MAX, example });
  const [first = 0, second = 0] = args;
  if (model === "none") return { model };
  return model === "bps" ? { model, args: [first] } : { model, args: [first, second] };
}

/** A share of an amount a year, 0.0625 for 6.25 %. */
function readRate(value: unknown, name: string): EngineConfig["borrow"] {
  const example = '{"model":"flat","args":[0.0625]}';
  const { model, args } = readModel(value, name, { args: RATE_ARGS, max: YEARLY_SHARE_MAX, example });
  const [each = 0] = args;
  return model === "none" ? { model } : { model, args: [each] };
}
