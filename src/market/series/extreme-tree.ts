/** A min/max tree over blocks of 64: "first index from i whose value is below x" without looking at every value. */

const BLOCK_BITS = 6;
const BLOCK_LAST = 63;

/** With `sign` −1 it holds maxima (as minima of negated values), and "below" reads "above". */
export interface ExtremeTree {
  readonly values: Float64Array;
  readonly sign: 1 | -1;
  /** levels[0]: the minimum of each 64 values; each next level: of each 64 of the one before. */
  readonly levels: readonly Float64Array[];
  /** The minimum of all. */
  readonly least: number;
}

export function buildTree(values: Float64Array, sign: 1 | -1): ExtremeTree {
  const levels: Float64Array[] = [];
  let below = values;
  let factor: number = sign;
  do {
    below = minimaOf(below, factor);
    factor = 1;
    levels.push(below);
  } while (below.length > BLOCK_LAST + 1);
  return { values, sign, levels, least: below.reduce((least, value) => Math.min(least, value), Infinity) };
}

function minimaOf(values: Float64Array, factor: number): Float64Array {
  const minima = new Float64Array(Math.ceil(values.length / (BLOCK_LAST + 1))).fill(Infinity);
  for (let index = 0; index < values.length; index += 1) {
    const value = factor * (values[index] as number);
    const block = index >> BLOCK_BITS;
    if (value < (minima[block] as number)) minima[block] = value;
  }
  return minima;
}

/** Bytes beyond the values themselves. */
export const treeBytes = (tree: ExtremeTree): number => tree.levels.reduce((sum, level) => sum + level.byteLength, 0);

/** A value to pass: strictly, or touching it counts too. */
export interface Threshold {
  readonly price: number;
  readonly orEqual: boolean;
}

/** Whether any value at all is beyond the threshold. */
export function hasBeyond({ least, sign }: ExtremeTree, { price, orEqual }: Threshold): boolean {
  const limit = sign * price;
  return least < limit || (orEqual && least === limit);
}

/** First index not before `from` whose value is beyond the threshold (below it; above it for sign −1), or −1. */
export function firstBeyond(tree: ExtremeTree, from: number, threshold: Threshold): number {
  const { values, sign } = tree;
  const { orEqual } = threshold;
  const limit = sign * threshold.price;
  if (!hasBeyond(tree, threshold)) return -1;
  if ((from & BLOCK_LAST) === 0) return climb(tree, from >> BLOCK_BITS, limit, orEqual);
  const end = Math.min((from | BLOCK_LAST) + 1, values.length);
  for (let index = from; index < end; index += 1) {
    const value = sign * (values[index] as number);
    if (value < limit || (orEqual && value === limit)) return index;
  }
  return end >= values.length ? -1 : climb(tree, end >> BLOCK_BITS, limit, orEqual);
}

/** Goes up until a block holds what is sought; `node` is a block of level 0. */
function climb(tree: ExtremeTree, node: number, limit: number, orEqual: boolean): number {
  let next = node;
  for (let level = 0; level < tree.levels.length; level += 1) {
    const minima = tree.levels[level] as Float64Array;
    const end = Math.min((next | BLOCK_LAST) + 1, minima.length);
    next = scan(minima, { from: next, until: end }, limit, orEqual);
    if (next < end) return descend(tree, { level, node: next }, limit, orEqual);
    if (next >= minima.length) return -1;
    next >>= BLOCK_BITS;
  }
  return -1;
}

/** Goes down from a block that holds what is sought to its first value. */
function descend(tree: ExtremeTree, found: { level: number; node: number }, limit: number, orEqual: boolean): number {
  let { node } = found;
  for (let level = found.level - 1; level >= 0; level -= 1) {
    const minima = tree.levels[level] as Float64Array;
    const from = node << BLOCK_BITS;
    node = scan(minima, { from, until: minima.length }, limit, orEqual);
  }
  let index = node << BLOCK_BITS;
  for (; index < tree.values.length; index += 1) {
    const value = tree.sign * (tree.values[index] as number);
    if (value < limit || (orEqual && value === limit)) break;
  }
  return index;
}

function scan(minima: Float64Array, range: { from: number; until: number }, limit: number, orEqual: boolean): number {
  let index = range.from;
  for (; index < range.until; index += 1) {
    const value = minima[index] as number;
    if (value < limit || (orEqual && value === limit)) break;
  }
  return index;
}
