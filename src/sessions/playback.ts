/** The player: maps real time to simulated time and asks its session to follow, like any client would. */
import { instant, MINUTE_MS, type Instant } from "../kernel/index.ts";
import type { WallClock } from "./wall-clock.ts";

/** Milliseconds between two steps: 25 ms is 40 steps a second, smooth to the eye and under 1 % of a core. */
const STEP_MS = 25;

export interface Player {
  /** Starts, or goes on from a new place: after a change of speed, or an advance by hand. */
  readonly anchor: (clock: Instant, speed: number) => void;
  readonly stop: () => void;
  /** Where the clock should be now; undefined while stopped. */
  readonly position: () => Instant | undefined;
  /** Whether the clock should be beyond a time. */
  readonly isAhead: (of: number) => boolean;
}

/** `follow` brings the session to the player's position; the next step waits until it has. */
export function createPlayer(wall: WallClock, follow: () => Promise<void>): Player {
  let origin: { readonly wallMs: number; readonly clock: Instant; readonly speed: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const position = (): Instant | undefined =>
    origin === undefined
      ? undefined
      : instant(Math.floor(origin.clock + (wall.elapsedMs() - origin.wallMs) * origin.speed));
  const step = async (): Promise<void> => {
    timer = undefined;
    await follow();
    if (origin !== undefined && timer === undefined) timer = setTimeout(run, STEP_MS);
  };
  const run = (): void => void step();

  return {
    anchor: (clock, speed) => {
      origin = { wallMs: wall.elapsedMs(), clock, speed };
      timer ??= setTimeout(run, STEP_MS);
    },
    stop: () => {
      origin = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
    position,
    isAhead: (of) => (position() ?? -Infinity) > of,
  };
}

/** The next whole minute: no bar ends between two of them. */
export const nextMinute = (at: Instant): Instant => instant((Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS);
