/** How much of a bar one account may take (rule R28), and the seeded parts of Alpaca's paper trading. */
import {
  createPrng,
  divideFloor,
  hashText,
  larger,
  NO_SHARES,
  quantity,
  SCALE,
  unitsFromNumber,
} from "../../kernel/index.ts";
import type { Bar, Instant, Quantity } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { Tape } from "../ports.ts";
import type { Account, BarUsage } from "../state.ts";

/** Bars that a trailing volume is the average of (R28). */
export const TRAILING_BARS = 20;

export interface Liquidity {
  readonly config: EngineConfig;
  readonly account: Account;
  readonly symbol: string;
  readonly bar: Bar;
  readonly tape: Pick<Tape, "lastBarBefore">;
}

/** Shares still free under the cap, whole shares of participation × volume; undefined: no cap. */
export function capLeft({ config, account, symbol, bar, tape }: Liquidity): Quantity | undefined {
  if (config.participation === null) return undefined;
  const volume = config.volumeBasis === "bar" ? unitsFromNumber(bar.volume) : trailingVolume(tape, symbol, bar.start);
  const share = unitsFromNumber(config.participation) * volume;
  const cap = divideFloor(share, SCALE * SCALE) * SCALE;
  return larger(quantity(cap - takenOf(account.barUsage.get(symbol), bar.start)), NO_SHARES);
}

/** Average volume of the bars with prints before an instant, in units of 10⁻⁹; nothing while there are none. */
function trailingVolume(tape: Pick<Tape, "lastBarBefore">, symbol: string, before: Instant): bigint {
  let [sum, count] = [0n, 0n];
  for (let bar = tape.lastBarBefore(symbol, before); bar !== undefined; bar = tape.lastBarBefore(symbol, bar.start)) {
    sum += unitsFromNumber(bar.volume);
    count += 1n;
    if (count >= TRAILING_BARS) break;
  }
  return count === 0n ? 0n : divideFloor(sum, count);
}

/** Shares that an account has taken of a bar. */
export function takenOf(usage: BarUsage | undefined, barStart: Instant): Quantity {
  return usage !== undefined && usage.barStart === barStart ? usage.qty : NO_SHARES;
}

/** Whole shares of a fill that comes in parts, drawn from the seed for this order and bar; all of it otherwise. */
export function partOf(config: EngineConfig, order: number, barStart: Instant, qty: Quantity): Quantity {
  const whole = qty / SCALE;
  if (config.partialFills === 0 || whole < 2n) return qty;
  const draws = createPrng(hashText(`${config.seed} ${order} ${barStart}`));
  if (draws.next() >= config.partialFills) return qty;
  return quantity((1n + BigInt(Math.floor(draws.next() * Number(whole - 1n)))) * SCALE);
}
