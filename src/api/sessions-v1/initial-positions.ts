/** The option `initialPositions`: what each new account of a session holds from its first moment. */
import type { InitialPosition } from "../../engine/index.ts";
import {
  absolute,
  formatUnits,
  INITIAL_POSITIONS_MAX,
  ORDER_PRICE_MAX,
  ORDER_QTY_MAX,
  SCALE,
} from "../../kernel/index.ts";
import { optionalUnits } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { record, refuseUnknown, reject } from "./option-readers.ts";

export function readPositions(value: unknown, name: string): readonly InitialPosition[] {
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
  refuseUnknown(rest, name, "symbol, qty, avgEntryPrice");
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
