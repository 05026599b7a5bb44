/** The bars of a symbol up to the session's clock: asked from the server, which alone knows what has ended. */
import { signal } from "@preact/signals";
import { client } from "../api/access.ts";
import { wordsOf } from "../api/errors.ts";
import { chartBars, withNewer, type ChartBar } from "./chart-bars.ts";
import { TIMEFRAMES, type Timeframe } from "./timeframes.ts";

/** Milliseconds between two looks: the chart is repainted four times a second at most. */
const LOOK_MS = 250;

/** Bars in memory; older ones are not drawn. */
const BARS_MAX = 5000;

/** Bars of one answer, the API's most. */
const PAGE = "10000";

const DAY_MS = 86_400_000;

export type BarFeed = ReturnType<typeof createBarFeed>;

/** Call `look` whenever the clock has moved. */
export function createBarFeed(session: string, symbol: string, timeframe: Timeframe) {
  const bars = signal<readonly ChartBar[]>([]);
  const problem = signal<string | undefined>(undefined);
  const isLoading = signal(true);
  const state: { isOver: boolean; isBusy: boolean; wanted: number | undefined } = {
    isOver: false,
    isBusy: false,
    wanted: undefined,
  };

  const fetchFrom = async (start: number): Promise<readonly ChartBar[]> => {
    const query = { timeframe, start: new Date(start).toISOString(), limit: PAGE };
    return chartBars((await client.bars(session, symbol, query)).bars);
  };
  const renew = async (clock: number): Promise<void> => {
    const last = bars.value.at(-1);
    const earliest = clock - TIMEFRAMES[timeframe].backDays * DAY_MS;
    const isFresh = last === undefined || last.at < earliest;
    const newer = await fetchFrom(isFresh ? earliest : last.at);
    if (state.isOver) return;
    bars.value = (isFresh ? newer : withNewer(bars.value, newer)).slice(-BARS_MAX);
    problem.value = undefined;
  };
  const look = async (clock: number): Promise<void> => {
    state.wanted = clock;
    if (state.isBusy) return;
    state.isBusy = true;
    while (state.wanted !== undefined && !state.isOver) {
      const at = state.wanted;
      state.wanted = undefined;
      await renew(at).catch((error: unknown) => {
        problem.value = wordsOf(error);
      });
      isLoading.value = false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    state.isBusy = false;
  };
  return {
    bars,
    problem,
    isLoading,
    look: (clock: number): void => void look(clock),
    close: (): void => {
      state.isOver = true;
    },
  };
}
