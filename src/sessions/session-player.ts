/** Playback of one session: it follows the state, and its steps are advances like any other. */
import type { State } from "../engine/index.ts";
import { instant, isRefusal, MINUTE_MS, refuse, type Instant, type Refusal } from "../kernel/index.ts";
import type { Followers } from "./followers.ts";
import { createPlayer, nextMinute, type Player } from "./playback.ts";
import type { Turns } from "./turns.ts";
import type { Outcome } from "./types.ts";
import type { WallClock } from "./wall-clock.ts";

export interface PlayedSession {
  readonly wall: WallClock;
  readonly turns: Turns;
  readonly followers: Followers;
  readonly clock: () => Instant;
  /** A step, within a turn. */
  readonly advance: (until: Instant) => Promise<Outcome | Refusal>;
  /** The data has changed under it. */
  readonly pause: () => Promise<unknown>;
}

export class SessionPlayer {
  readonly #session: PlayedSession;
  readonly #player: Player;

  constructor(session: PlayedSession) {
    this.#session = session;
    this.#player = createPlayer(session.wall, () => this.#follow());
  }

  /** Where the clock should be now; undefined while nothing plays. */
  position(): Instant | undefined {
    return this.#player.position();
  }

  stop(): void {
    this.#player.stop();
  }

  /** It starts, stops, changes speed, or goes on from where a command has moved the clock. */
  steer(before: State["playback"], { playback, clock }: State, hasJumped: boolean): void {
    if (!playback.isPlaying) {
      if (before.isPlaying) this.#player.stop();
      return;
    }
    if (!before.isPlaying || before.speed !== playback.speed || hasJumped) this.#player.anchor(clock, playback.speed);
  }

  /** One step of playback; while bars are waited for, as many as there are minutes in it. */
  async #follow(): Promise<void> {
    while (await this.#followOnce()) await this.#session.followers.settled("if behind");
  }

  /** Whether real time is still ahead. */
  async #followOnce(): Promise<boolean> {
    const { turns, followers, clock, advance, pause } = this.#session;
    const outcome = await turns
      .take(async () => {
        const position = this.#player.position();
        if (position === undefined || position <= clock()) return undefined;
        return advance(instant(followers.wantBars ? Math.min(position, nextMinute(clock())) : position));
      })
      .catch((error: unknown) => refuse("session_stopped", String(error)));
    if (!isRefusal(outcome)) return outcome !== undefined && this.#player.isAhead(clock() + MINUTE_MS);
    this.#player.stop();
    if (outcome.reason === "data_changed") await pause();
    return false;
  }
}
