/** A curve of the height of a line of text. */
import type { JSX } from "preact";

const WIDTH = 96;
const HEIGHT = 26;
const EDGE = 2;

export interface SparklineParts {
  readonly values: readonly number[];
  /** Where it began: drawn as a line, so that above and below can be told without colour. */
  readonly base: number | null;
  readonly label: string;
}

export function Sparkline({ values, base, label }: SparklineParts): JSX.Element | null {
  if (values.length < 2) return null;
  const all = base === null ? values : [...values, base];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (value: number): number =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const points = values.map(
    (value, index) => `${((index / (values.length - 1)) * WIDTH).toFixed(1)} ${y(value).toFixed(1)}`,
  );
  const isUp = (values.at(-1) ?? 0) >= (base ?? values[0] ?? 0);
  return (
    <svg class={`sparkline ${isUp ? "up" : "down"}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {base === null ? null : <path class="base" d={`M0 ${y(base).toFixed(1)}H${WIDTH}`} />}
      <path d={`M${points.join("L")}`} />
    </svg>
  );
}
