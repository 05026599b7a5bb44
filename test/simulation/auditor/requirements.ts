/** What holdings must be backed with (R36), by side, price and date. */
import { newYorkMidnight } from "../../../src/calendar/index.ts";
import { divideHalfEven, SCALE, type CivilDate } from "../../../src/kernel/index.ts";
import { greater, magnitude, worth } from "./books.ts";
import { knownPrice, traitsOf } from "./tape.ts";
import type { Book, Holding, World } from "./types.ts";

const NEW_TABLE_FROM = newYorkMidnight("2026-09-01" as CivilDate);

/** Of a long holding's value, in percent. */
function longPercent(world: World, symbol: string, price: bigint): bigint {
  const { isMarginable, leverage } = traitsOf(world, symbol);
  const isNew = world.now >= NEW_TABLE_FROM;
  if (price * 2n < 5n * SCALE || !isMarginable || (leverage > 1 && !isNew)) return 100n;
  if (leverage > 1) return leverage > 2 ? 75n : 50n;
  return isNew && price <= 6n * SCALE ? 50n : 30n;
}

/** What a number of shares of a holding must be backed with. */
export function requirementOf(world: World, symbol: string, holding: Holding, qty: bigint): bigint {
  const price = knownPrice(world, symbol, world.now) ?? holding.average;
  const value = worth(qty, price);
  if (holding.qty > 0n) return divideHalfEven(value * longPercent(world, symbol, price), 100n);
  const share = divideHalfEven(value * 30n, 100n);
  return price < 5n * SCALE ? greater(value, divideHalfEven(qty * 5n, 2n)) : greater(share, qty * 5n);
}

/** Hundredths are summed up exactly, and rounded once. */
export function maintenanceOf(world: World, book: Book): bigint {
  let hundredths = 0n;
  for (const [symbol, holding] of book.holdings) {
    const size = magnitude(holding.qty);
    const price = knownPrice(world, symbol, world.now) ?? holding.average;
    hundredths +=
      holding.qty > 0n
        ? worth(size, price) * longPercent(world, symbol, price)
        : requirementOf(world, symbol, holding, size) * 100n;
  }
  return divideHalfEven(hundredths, 100n);
}
