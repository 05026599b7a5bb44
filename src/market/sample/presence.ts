/** Which minutes of a day print, drawn apart from prices so that bars can be counted without being made. */
import type { TradingDay } from "../../calendar/index.ts";
import { HOUR_MS, instant, MINUTE_MS, type Instant } from "../../kernel/index.ts";
import { drawsFor } from "./draws.ts";
import type { SampleSymbol } from "./sample-symbols.ts";

const PRE_MARKET_MS = 5.5 * HOUR_MS;
const AFTER_HOURS_MS = 4 * HOUR_MS;

/** Starts of the minutes that print on a day, oldest first. Every regular minute does. */
export function printedMinutes(symbol: SampleSymbol, day: TradingDay): Instant[] {
  const draws = drawsFor(`${symbol.symbol}|${day.date}|presence`);
  const isComplete = symbol.thinnestPresence >= 1;
  const starts: Instant[] = [];
  for (let start: number = day.sessionOpen; start < day.sessionClose; start += MINUTE_MS) {
    const isPrinted =
      isComplete || (start >= day.open && start < day.close) || draws.next() < presenceAt(symbol, day, start);
    if (isPrinted) starts.push(instant(start));
  }
  return starts;
}

/** Trading grows denser towards the open and thins out after the close. */
function presenceAt({ thinnestPresence }: SampleSymbol, day: TradingDay, start: number): number {
  const nearness = start < day.open ? 1 - (day.open - start) / PRE_MARKET_MS : 1 - (start - day.close) / AFTER_HOURS_MS;
  return thinnestPresence + (1 - thinnestPresence) * nearness * nearness;
}
