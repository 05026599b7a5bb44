/** What the bars say to the auditor: prices as money, what is known when (R2), and how much an account may take (R28). */
import type { AssetTraits } from "../../../src/engine/index.ts";
import type { BarsBySymbol } from "../../support/array-tape.ts";
import { newYorkDate, tradingDayAt } from "../../../src/calendar/index.ts";
import { divideFloor, divideHalfEven, priceFromBar, SCALE, unitsFromNumber } from "../../../src/kernel/index.ts";
import type { CorporateAction, Instant, Split } from "../../../src/kernel/index.ts";
import { tradingDayFrom } from "./hours.ts";
import type { AuditBar, World } from "./types.ts";

const BARS_OF_TRAILING_VOLUME = 20;

/** The floats of the bars, once and for all as money. */
export function moneyBars(bars: BarsBySymbol): ReadonlyMap<string, readonly AuditBar[]> {
  return new Map(
    Object.entries(bars).map(([symbol, series]) => [
      symbol,
      series.map((bar) => ({
        symbol,
        start: bar.start,
        end: bar.end,
        open: priceFromBar(bar.open),
        high: priceFromBar(bar.high),
        low: priceFromBar(bar.low),
        close: priceFromBar(bar.close),
        volume: unitsFromNumber(bar.volume),
        isDay: bar.isDay,
      })),
    ]),
  );
}

export const barsOf = (world: World, symbol: string): readonly AuditBar[] => world.bars.get(symbol) ?? [];

/** When an action takes effect: the session open of the first trading day on or after the ex-date. */
export const effectOf = (action: CorporateAction): Instant => tradingDayFrom(action.exDate).sessionOpen;

export function actionsOf(world: World, symbol: string): readonly CorporateAction[] {
  return world.given.market.actions[symbol] ?? [];
}

/** The last price known at an instant (R2), in the shares of that instant; a bar without volume is not there. */
export function knownPrice(world: World, symbol: string, at: Instant): bigint | undefined {
  const last = barsOf(world, symbol).findLast((bar) => bar.start < at && bar.volume > 0n);
  if (last === undefined) return undefined;
  const price = last.end <= at ? last.close : last.open;
  const splits = actionsOf(world, symbol).filter((action): action is Split => action.type === "split");
  return splits
    .filter((split) => last.start < effectOf(split) && effectOf(split) <= at)
    .reduce((old, split) => divideHalfEven(old * split.oldRate, split.newRate), price);
}

/** The shares of a bar that one account may take, whole ones; undefined: as many as it likes. */
function capOf(world: World, bar: AuditBar): bigint | undefined {
  const { participation, volumeBasis } = world.config;
  if (participation === null) return undefined;
  const share = unitsFromNumber(participation);
  if (volumeBasis === "bar") return divideFloor(share * bar.volume, SCALE * SCALE) * SCALE;
  const before = barsOf(world, bar.symbol).filter((each) => each.start < bar.start && each.volume > 0n);
  const last = before.slice(-BARS_OF_TRAILING_VOLUME);
  if (last.length === 0) return 0n;
  const volume = last.reduce((sum, each) => sum + each.volume, 0n);
  return divideFloor(share * volume, SCALE * SCALE * BigInt(last.length)) * SCALE;
}

const keyOf = (account: number, bar: AuditBar): string => `${account} ${bar.symbol} ${bar.start}`;

/** How many shares of `wanted` the cap of a bar still allows an account. */
export function allowed(world: World, account: number, bar: AuditBar, wanted: bigint): bigint {
  const cap = capOf(world, bar);
  if (cap === undefined) return wanted;
  const left = cap - (world.taken.get(keyOf(account, bar)) ?? 0n);
  if (left <= 0n) return 0n;
  return wanted < left ? wanted : left;
}

export function take(world: World, account: number, bar: AuditBar, shares: bigint): void {
  const key = keyOf(account, bar);
  world.taken.set(key, (world.taken.get(key) ?? 0n) + shares);
}

/** Whether the open of a bar is the official one of its day: that of its first regular bar with volume (R18). */
export function isOpeningBar(world: World, bar: AuditBar): boolean {
  const day = tradingDayAt(bar.start);
  if (day === undefined) return false;
  const first = barsOf(world, bar.symbol).find((each) => each.start >= day.open && each.volume > 0n);
  return first === bar && bar.start < day.close;
}

/** The bar whose close is the official one of the day that closes at `close`: its last regular bar with volume. */
export function closingBar(world: World, symbol: string, close: Instant): AuditBar | undefined {
  const date = newYorkDate(close);
  return barsOf(world, symbol).findLast((bar) => {
    const day = tradingDayAt(bar.start);
    const isRegular = day !== undefined && day.date === date && day.open <= bar.start && bar.start < day.close;
    return isRegular && bar.volume > 0n;
  });
}

/** What the catalog says of a symbol. */
export function traitsOf(world: World, symbol: string): AssetTraits {
  const traits = world.given.market.traits[symbol] as AssetTraits | undefined;
  return traits ?? ORDINARY;
}

const ORDINARY: AssetTraits = {
  isTradable: true,
  isFractionable: true,
  isShortable: true,
  isEasyToBorrow: true,
  isMarginable: true,
  leverage: 1,
};
