/** Random draws of the sample: seeded by names, and made with + − × ÷ and √ alone, so that every machine agrees. */
import { createPrng, hashText, type Prng } from "../../kernel/index.ts";

/** Changing it, or anything in this folder that draws, makes another sample. */
const SAMPLE_SEED = "tapedeck sample 1";

/** A generator of its own for each purpose: `name` says which symbol, day and use. */
export const drawsFor = (name: string): Prng => createPrng(hashText(`${SAMPLE_SEED}|${name}`));

const SQRT_3 = Math.sqrt(3);

/**
 * Close to normal, mean 0, standard deviation 1, between −3.5 and 3.5: four uniform numbers added up.
 * The kernel's own uses a logarithm and a cosine, whose last bit differs between JavaScript engines.
 */
export const bellShaped = (draws: Prng): number =>
  (draws.next() + draws.next() + draws.next() + draws.next() - 2) * SQRT_3;

/** Says which sample it is; changes when the seed does. */
export const sampleIdentity = (symbol: string): string => `${SAMPLE_SEED}|${symbol}`;
