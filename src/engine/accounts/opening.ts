/** What a session gives to each new account besides its cash. */
import {
  absolute,
  averagePrice,
  parseUnits,
  price,
  quantity,
  valueOf,
  type Price,
  type Quantity,
} from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { OpeningPosition } from "../event.ts";

/** The positions of a config, whose decimals were checked when the session was created. */
export const openingPositions = ({ initialPositions }: EngineConfig): readonly OpeningPosition[] =>
  initialPositions.map(({ symbol, qty, avgEntryPrice }) => ({
    symbol,
    qty: quantity(unitsOf(qty)),
    avgEntryPrice: price(unitsOf(avgEntryPrice)),
  }));

function unitsOf(text: string): bigint {
  const units = parseUnits(text);
  return typeof units === "bigint" ? units : 0n;
}

/**
 * What a share was given at, in the shares of a time at which nothing had printed yet: nothing had been traded, and no
 * split changes what all of them cost. Undefined for a symbol that was not given.
 */
export function givenPrice(config: EngineConfig, symbol: string, held: Quantity): Price | undefined {
  const given = openingPositions(config).find((position) => position.symbol === symbol);
  return given === undefined
    ? undefined
    : averagePrice(absolute(valueOf(given.qty, given.avgEntryPrice)), absolute(held));
}
