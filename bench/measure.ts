/** What every benchmark reports, and the arithmetic they share. */

export interface Measurement {
  readonly name: string;
  /** What was measured, in words and figures. */
  readonly detail: string;
  readonly value: number;
  readonly limit: { readonly kind: "at least" | "below"; readonly value: number };
}

export const isMet = ({ value, limit }: Measurement): boolean =>
  limit.kind === "at least" ? value >= limit.value : value < limit.value;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Milliseconds that `work` takes, the median of some runs after one to warm up. */
export async function timeMs(runs: number, work: () => unknown): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}
