/** Draws from a seed, for markets and traders. */
import { createPrng } from "../../src/kernel/index.ts";

export interface Dice {
  readonly next: () => number;
}

export const diceOf = (seed: number): Dice => createPrng(seed);

export const chance = (dice: Dice, share: number): boolean => dice.next() < share;

/** A whole number, both ends included. */
export const integer = (dice: Dice, from: number, to: number): number =>
  from + Math.floor(dice.next() * (to - from + 1));

export function pick<T>(dice: Dice, from: readonly T[]): T {
  if (from.length === 0) throw new Error("nothing to pick from");
  return from.at(integer(dice, 0, from.length - 1)) as T;
}
