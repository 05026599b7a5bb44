/** A session that is about to be made: what the form holds, and the request that it becomes. */
import type { NewSession, Session } from "../api/types.ts";
import { exchangeInstant, exchangeIso } from "../format/times.ts";

type Config = Session["config"];

/** Options that the form offers; an empty text leaves the profile's own value. */
export interface DraftOptions {
  readonly tradingHours: Config["tradingHours"] | "";
  readonly slippage: Config["slippage"]["model"] | "";
  readonly fees: Config["fees"] | "";
  readonly margin: Config["margin"] | "";
  readonly limitRule: Config["limitRule"] | "";
  readonly intrabar: Config["intrabar"] | "";
  readonly pdt: Config["pdt"] | "";
  readonly dividends: Config["dividends"] | "";
  /** Numbers as they are typed. */
  readonly participation: string;
  readonly latencyMs: string;
  readonly seed: string;
}

export interface Draft {
  readonly name: string;
  /** Whose coverage decides the dates; a session may trade every symbol of the catalog. */
  readonly symbols: readonly string[];
  /** Dates in New York, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  readonly cash: string;
  readonly opensAccount: boolean;
  readonly profile: Config["profile"];
  readonly options: DraftOptions;
}

export const NO_OPTIONS: DraftOptions = {
  tradingHours: "",
  slippage: "",
  fees: "",
  margin: "",
  limitRule: "",
  intrabar: "",
  pdt: "",
  dividends: "",
  participation: "",
  latencyMs: "",
  seed: "",
};

export const EMPTY_DRAFT: Draft = {
  name: "",
  symbols: [],
  from: "",
  to: "",
  cash: "100000",
  opensAccount: true,
  profile: "conservative",
  options: NO_OPTIONS,
};

/** The numbers that each model of slippage takes, as the form fills them in. */
const SLIPPAGE_ARGS: Readonly<Record<Config["slippage"]["model"], readonly number[]>> = {
  tick_or_bps: [1, 1],
  bps: [5],
  none: [],
};

/** The request: from the open of the first day to the close of the last one. */
export function requestOf(draft: Draft): NewSession {
  const at = (date: string, time: string): string => (date === "" ? "" : exchangeIso(exchangeInstant(date, time)));
  const config = configOf(draft);
  const name = draft.name.trim();
  const cash = draft.cash.trim();
  return {
    startTime: at(draft.from, "09:30"),
    endTime: at(draft.to, "16:00"),
    ...(name === "" ? {} : { name }),
    ...(cash === "" ? {} : { initialCash: cash }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
}

/** Options that differ from a plain session; what is no number goes as it was typed, for the server to refuse. */
export function configOf({ profile, options }: Draft): Readonly<Record<string, unknown>> {
  const { slippage, participation, latencyMs, seed, ...words } = options;
  const numbers = Object.entries({ participation, latencyMs, seed }).flatMap(([name, text]) => {
    const number = Number(text);
    return text.trim() === "" ? [] : [[name, Number.isNaN(number) ? text : number] as const];
  });
  return {
    ...(profile === "conservative" ? {} : { profile }),
    ...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== "")),
    ...(slippage === "" ? {} : { slippage: slippageOf(slippage) }),
    ...Object.fromEntries(numbers),
  };
}

function slippageOf(model: Config["slippage"]["model"]): Config["slippage"] {
  const args = SLIPPAGE_ARGS[model];
  return args.length === 0 ? { model } : { model, args };
}

/** Which field a refusal of the server is about; undefined for none in particular. */
export function fieldOf(message: string): "from" | "to" | "cash" | "name" | keyof DraftOptions | undefined {
  const [, option] = /config\.(\w+)/.exec(message) ?? [];
  if (option !== undefined && option in NO_OPTIONS) return option as keyof DraftOptions;
  if (message.includes("endTime")) return "to";
  if (message.includes("startTime")) return "from";
  if (/initialCash|initial_cash/.test(message)) return "cash";
  return /\bname\b/.test(message) ? "name" : undefined;
}
