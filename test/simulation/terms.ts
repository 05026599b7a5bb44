/** Random orders near the market. */
import type { OrderTerms, OrderType, TimeInForce } from "../../src/engine/index.ts";
import { cash, price, quantity, SCALE, type Price } from "../../src/kernel/index.ts";
import { chance, integer, pick, type Dice } from "./dice.ts";

interface Near {
  readonly symbol: string;
  /** The last known price, for prices near it. */
  readonly last: number;
  /** What each account began with, for orders as large as it can bear. */
  readonly dollars: number;
}

const TYPES: readonly OrderType[] = [
  "market",
  "market",
  "limit",
  "limit",
  "limit",
  "stop",
  "stop_limit",
  "trailing_stop",
];
const TIMES: readonly TimeInForce[] = ["day", "day", "day", "gtc", "gtc", "ioc", "fok", "opg", "cls"];

export function randomTerms(dice: Dice, near: Near): OrderTerms {
  const draw = dice.next();
  if (draw < 0.16) return randomGroup(dice, near);
  const type = pick(dice, TYPES);
  const isStop = type === "stop" || type === "stop_limit" || type === "trailing_stop";
  const timeInForce = isStop ? pick(dice, ["day", "gtc"] as const) : pick(dice, TIMES);
  return {
    ...plain(dice, near),
    ...randomSize(dice, near, type === "market" && timeInForce === "day"),
    type,
    timeInForce,
    ...pricesFor(type, () => priceNear(dice, near)),
    ...(type === "trailing_stop" ? randomTrail(dice, near) : {}),
    extendedHours: type === "limit" && REACHES_OUT.includes(timeInForce) && chance(dice, 0.4),
    clientOrderId: chance(dice, 0.05) ? `id ${integer(dice, 1, 6)}` : undefined,
  };
}

/** Times in force that may go with extended hours. */
const REACHES_OUT: readonly TimeInForce[] = ["day", "gtc"];

/** The prices that a type of order takes. */
function pricesFor(type: OrderType, draw: () => Price): Pick<OrderTerms, "limitPrice" | "stopPrice"> {
  return {
    limitPrice: type === "limit" || type === "stop_limit" ? draw() : undefined,
    stopPrice: type === "stop" || type === "stop_limit" ? draw() : undefined,
  };
}

function plain(dice: Dice, near: Near): OrderTerms {
  return {
    symbol: near.symbol,
    side: pick(dice, ["buy", "buy", "sell"] as const),
    type: "market",
    timeInForce: "day",
    qty: quantity(BigInt(chance(dice, 0.12) ? largeQty(dice, near) : usualQty(dice)) * SCALE),
    notional: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    extendedHours: false,
    clientOrderId: undefined,
  };
}

const usualQty = (dice: Dice): number => pick(dice, [1, 10, 50, 100, 100, 200, 1000, integer(dice, 1, 3000)]);

/** Between half of what the account began with and twice as much. */
const largeQty = (dice: Dice, { dollars, last }: Near): number =>
  Math.max(1, Math.floor((dollars * (0.5 + 1.5 * dice.next())) / last));

/** Mostly whole shares of a few usual sizes; sometimes fractions, sometimes dollars. */
function randomSize(dice: Dice, near: Near, mayBeFraction: boolean): Partial<OrderTerms> {
  if (!mayBeFraction || chance(dice, 0.6)) return {};
  if (chance(dice, 0.5)) return { qty: quantity(BigInt(integer(dice, 1, 2_000_000_000)) * 7n) };
  const dollars = Math.max(1, Math.round(near.last * integer(dice, 1, 300)));
  return { qty: undefined, notional: cash(BigInt(dollars) * SCALE) };
}

function randomTrail(dice: Dice, near: Near): Partial<OrderTerms> {
  if (chance(dice, 0.4)) return { trailPercent: BigInt(pick(dice, [100, 50, 150, 333])) * (SCALE / 100n) };
  const cents = Math.max(1, Math.round(near.last * pick(dice, [0.2, 0.5, 1, 2])));
  return { trailPrice: price((BigInt(cents) * SCALE) / 100n) };
}

/** On the tick, within two percent of the market, often at the very price. */
function priceNear(dice: Dice, { last }: Near, from = -1, to = 1): Price {
  const perTick = last >= 1.02 ? 100 : 10_000;
  const reach = Math.max(2, Math.round(last * perTick * pick(dice, [0.002, 0.005, 0.02])));
  const ticks = Math.max(
    1,
    Math.round(last * perTick) + integer(dice, Math.round(from * reach), Math.round(to * reach)),
  );
  const exact = (BigInt(ticks) * SCALE) / BigInt(perTick);
  // A cent is the tick from one dollar on.
  return price(exact >= SCALE ? exact - (exact % (SCALE / 100n)) : exact);
}

/** Brackets, OTO and OCO about the price. */
function randomGroup(dice: Dice, near: Near): OrderTerms {
  const base = plain(dice, near);
  const [below, above] = [priceNear(dice, near, -1, -0.1), priceNear(dice, near, 0.1, 1)];
  const isLong = base.side === "buy";
  const orderClass = pick(dice, ["bracket", "bracket", "oto", "oco"] as const);
  const exits = orderClass === "oco" ? !isLong : isLong;
  const [takeProfit, stopLoss] = exits ? [above, below] : [below, above];
  const group = { ...base, timeInForce: pick(dice, ["day", "gtc"] as const), orderClass };
  const stop = { stopLoss, stopLossLimit: chance(dice, 0.25) ? limitBehind(dice, stopLoss, exits) : undefined };
  if (orderClass === "oco") return { ...group, type: "limit", limitPrice: takeProfit, takeProfit, ...stop };
  const type = pick(dice, ["market", "limit", "limit", "stop", "stop_limit"] as const);
  const entry = { ...group, type, ...pricesFor(type, () => priceNear(dice, near, -0.3, 0.3)) };
  if (orderClass === "bracket") return { ...entry, takeProfit, ...stop };
  return chance(dice, 0.5) ? { ...entry, takeProfit } : { ...entry, ...stop };
}

/** A limit at a stop or some ticks behind it. */
function limitBehind(dice: Dice, stop: Price, isSell: boolean): Price {
  const off = pick(dice, [0n, 1n, 3n]) * (stop >= 2n * SCALE ? SCALE / 100n : SCALE / 10_000n);
  return price(isSell ? stop - off : stop + off);
}
