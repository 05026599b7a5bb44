/** Where a series lies within all that there is: a line beside dates that say the same. */
import type { JSX } from "preact";

/** Both from 0 to 1. */
export function SpanStrip({ from, to }: { readonly from: number; readonly to: number }): JSX.Element {
  return (
    <svg class="span-strip" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" width="100" height="6" rx="1" />
      <rect class="there" x={from * 100} width={Math.max(1, (to - from) * 100)} height="6" rx="1" />
    </svg>
  );
}
