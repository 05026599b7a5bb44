/** Commands on the session itself: rename, extend, play, pause, speed. Pure, like the engine's. */
import type { Command, EngineEvent, State } from "../engine/index.ts";
import { formatInstant, PLAYBACK_SPEED_MAX, refuse, unreachable, type Refusal } from "../kernel/index.ts";
import { spanProblem } from "./span.ts";

export type SessionCommand = Extract<
  Command,
  { kind: "update_session" | "play" | "pause" | "set_speed" | "accept_data" | "configure_session" }
>;

export const isSessionCommand = (command: Command): command is SessionCommand =>
  command.kind === "update_session" ||
  command.kind === "accept_data" ||
  command.kind === "configure_session" ||
  command.kind === "play" ||
  command.kind === "pause" ||
  command.kind === "set_speed";

/** Commands that a completed session still takes (extending it; a name is part of the same request). Data may change then too. */
export const isAllowedWhenCompleted = (command: Command): boolean =>
  command.kind === "update_session" || command.kind === "accept_data";

export const completed = (): Refusal => refuse("bad_request", "simulation has completed");

/** What a session command does at the clock. Play while playing and pause while paused change nothing. */
export function decideForSession(state: State, command: SessionCommand): readonly EngineEvent[] | Refusal {
  const at = state.clock;
  switch (command.kind) {
    case "update_session":
      return updateSession(state, command);
    case "accept_data":
      return [{ kind: "data_accepted", at }];
    case "configure_session":
      return [{ kind: "session_configured", at, config: command.config }];
    case "play":
      return state.playback.isPlaying ? [] : [{ kind: "playback_started", at }];
    case "pause":
      return state.playback.isPlaying ? [{ kind: "playback_paused", at, reason: command.reason }] : [];
    case "set_speed":
      return setSpeed(state, command.speed);
    default:
      return unreachable(command);
  }
}

function updateSession(
  state: State,
  { name, endTime }: Extract<Command, { kind: "update_session" }>,
): readonly EngineEvent[] | Refusal {
  const at = state.clock;
  const events: EngineEvent[] = [];
  if (name !== undefined && name !== state.name) events.push({ kind: "session_renamed", at, name });
  if (endTime === undefined || endTime === state.endTime) return events;
  if (endTime < state.endTime) {
    const present = formatInstant(state.endTime);
    return refuse(
      "bad_request",
      `endTime must be later than the present end ${present}, got ${formatInstant(endTime)}`,
    );
  }
  return spanProblem(state.startTime, endTime) ?? [...events, { kind: "session_extended", at, endTime }];
}

function setSpeed(state: State, speed: number): readonly EngineEvent[] | Refusal {
  if (!Number.isFinite(speed) || speed <= 0 || speed > PLAYBACK_SPEED_MAX) {
    return refuse("bad_request", `speed must be a number > 0 and <= ${PLAYBACK_SPEED_MAX}, got ${String(speed)}`);
  }
  return speed === state.playback.speed ? [] : [{ kind: "playback_speed_set", at: state.clock, speed }];
}
