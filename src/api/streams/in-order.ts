/** Bars and events of a stretch of time, told in the order in which they became known. */
import type { EndedBar } from "../../sessions/index.ts";
import type { Happening, Telling } from "./hub.ts";

export interface InOrder {
  readonly bars: AsyncIterable<readonly EndedBar[]>;
  /** Oldest first. */
  readonly happenings: readonly Happening[];
  readonly tell: (telling: Telling) => void;
  /** Called from time to time: lets others work, and readers read. */
  readonly pause: () => Promise<unknown>;
}

/** By instant; a bar is told before what happens at its end, and so before the opens of that instant. */
export async function tellInOrder({ bars, happenings, tell, pause }: InOrder): Promise<void> {
  let told = 0;
  const tellUntil = (until: number): void => {
    let end = told;
    while (end < happenings.length && (happenings[end]?.event.at ?? 0) < until) end += 1;
    if (end > told) tell({ kind: "happenings", happenings: happenings.slice(told, end) });
    told = end;
  };
  for await (const batch of bars) {
    for (let rest = batch; rest.length > 0;) {
      tellUntil(rest[0]?.bar.end ?? Infinity);
      const count = countUntil(rest, happenings[told]?.event.at ?? Infinity);
      tell({ kind: "bars", bars: rest.slice(0, count) });
      rest = rest.slice(count);
    }
    await pause();
  }
  tellUntil(Infinity);
}

/** How many of the bars end not later; at least the first does. */
function countUntil(bars: readonly EndedBar[], at: number): number {
  const later = bars.findIndex(({ bar }) => bar.end > at);
  return later < 0 ? bars.length : later;
}
