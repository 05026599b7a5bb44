/** The days of bars that a session has used, with the hashes of what they held: kept as lines of text beside its journal. */
import type { DayContent, Month } from "../market/index.ts";

/** From when to when a symbol was in use; both are days since 1970-01-01 in New York. */
export interface UseSpan {
  readonly from: number;
  /** Undefined while it is in use. */
  readonly to: number | undefined;
}

export interface PinnedMonth {
  /** Equal identities are equal bars, without looking. */
  readonly identity: string;
  readonly days: readonly DayContent[];
}

export interface PinnedSymbol {
  span: UseSpan;
  readonly months: Map<Month, PinnedMonth>;
}

export type PinnedSymbols = Map<string, PinnedSymbol>;

/** One line: a symbol's span, or what a month of it held. A later line takes the place of an earlier one. */
type PinLine =
  | { readonly s: string; readonly from: number; readonly to: number | null }
  | {
      readonly s: string;
      readonly m: Month;
      readonly i: string;
      readonly d: readonly (readonly [number, number, string])[];
    };

export const spanLine = (symbol: string, { from, to }: UseSpan): string => line({ s: symbol, from, to: to ?? null });

export const monthLine = (symbol: string, month: Month, { identity, days }: PinnedMonth): string =>
  line({ s: symbol, m: month, i: identity, d: days.map(({ day, bars, hash }) => [day, bars, hash] as const) });

const line = (pin: PinLine): string => `${JSON.stringify(pin)}\n`;

/** A line that a crash has cut off, which can only be the last one, is left out. */
export function readPins(text: string): PinnedSymbols {
  const symbols: PinnedSymbols = new Map();
  for (const part of text.split("\n")) {
    const pin = parseLine(part);
    if (pin === undefined) continue;
    const symbol = symbols.get(pin.s) ?? { span: { from: 0, to: undefined }, months: new Map<Month, PinnedMonth>() };
    symbols.set(pin.s, symbol);
    if ("from" in pin) symbol.span = { from: pin.from, to: pin.to ?? undefined };
    else symbol.months.set(pin.m, { identity: pin.i, days: pin.d.map(([day, bars, hash]) => ({ day, bars, hash })) });
  }
  return symbols;
}

function parseLine(text: string): PinLine | undefined {
  if (!text.endsWith("}")) return undefined;
  try {
    return JSON.parse(text) as PinLine;
  } catch {
    return undefined;
  }
}
