/** The wall clock: the one file of the room that reads real time. Simulated time never comes from here. */

export interface WallClock {
  /** RFC 3339, UTC, for `created_at`. */
  readonly timestamp: () => string;
  /** Milliseconds that only grow, with a fraction; for playback and slices. */
  readonly elapsedMs: () => number;
}

export const wallClock: WallClock = {
  timestamp: () => new Date().toISOString(),
  elapsedMs: () => performance.now(),
};
