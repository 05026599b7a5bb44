/** The smallest price step (rule R30): 0.01 from one dollar up, 0.0001 below. */
import { price, type Price } from "../../kernel/index.ts";

const DOLLAR = 1_000_000_000n;
const CENT = price(10_000_000n);
const TENTH_OF_A_MIL = price(100_000n);

export const tickOf = (at: bigint): Price => (at >= DOLLAR ? CENT : TENTH_OF_A_MIL);

export const isOnTick = (at: Price): boolean => at % tickOf(at) === 0n;
