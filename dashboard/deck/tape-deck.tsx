/** The tape deck: what time it is in there, and everything that moves it. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { dayText, durationText, speedText, timeText, zoneName } from "../format/times.ts";
import { Icon } from "../parts/icon.tsx";
import { settings } from "../settings/settings.ts";
import type { SessionStore } from "../store/session-store.ts";
import { HoldReason } from "./hold-reason.tsx";
import { Scrubber } from "./scrubber.tsx";
import { SpeedControl } from "./speed-control.tsx";
import { NEXTS, type Transport } from "./transport.ts";

export interface DeckParts {
  readonly store: SessionStore;
  readonly transport: Transport;
  /** Minutes of a bar of the timeframe that is shown. */
  readonly barMinutes: number;
}

export function TapeDeck(parts: DeckParts): JSX.Element {
  return (
    <section class="deck" aria-label="Tape deck" id="deck">
      <div class="deck-row">
        <Clock store={parts.store} />
        <Buttons {...parts} />
        <SpeedControl store={parts.store} transport={parts.transport} />
      </div>
      <Scrubber store={parts.store} transport={parts.transport} />
      <div class="deck-row deck-status">
        <HoldReason store={parts.store} transport={parts.transport} />
        <Rate store={parts.store} />
      </div>
    </section>
  );
}

function Clock({ store }: { readonly store: SessionStore }): JSX.Element {
  const { zone } = settings.value;
  const { phase, next } = store.phase.value;
  const at = store.clock.value;
  return (
    <div class="clock">
      <time dateTime={at === undefined ? undefined : new Date(at).toISOString()}>
        <span class="clock-day">{dayText(at, zone)}</span>
        <span class="clock-time">
          {timeText(at, zone, true)} <small>{zoneName(zone)}</small>
        </span>
      </time>
      <span class="phase" data-phase={phase}>
        <strong>{phase}</strong>
        {next === undefined || at === undefined ? null : (
          <span>
            {next.what} in {durationText(next.at - at)}
          </span>
        )}
      </span>
    </div>
  );
}

function Buttons({ store, transport, barMinutes }: DeckParts): JSX.Element {
  const isPlaying = store.session.value?.playback_state === "playing";
  const isOver = store.session.value?.status !== "active" || store.link.value === "refused";
  const isBusy = transport.busy.value !== undefined;
  const bar = barMinutes === 1 ? "a minute" : barMinutes < 60 ? `${barMinutes} minutes` : `${barMinutes / 60} h`;
  return (
    <div class="transport">
      <button
        type="button"
        class="button play"
        disabled={isOver}
        aria-label={isPlaying ? "Pause" : "Play"}
        title={`${isPlaying ? "Pause" : "Play"} (Space)`}
        onClick={transport.toggle}
      >
        <Icon name={isPlaying ? "pause" : "play"} />
      </button>
      <button
        type="button"
        class="button"
        disabled={isOver || isBusy}
        aria-label={`Step ${bar}`}
        title={`Step ${bar} (→)`}
        onClick={() => {
          transport.step(barMinutes);
        }}
      >
        <Icon name="step" />
      </button>
      <div class="nexts" role="group" aria-label="Run to the next">
        <span class="nexts-label" aria-hidden="true">
          <Icon name="skip" /> next
        </span>
        {NEXTS.map(([what, label]) => (
          <button
            key={what}
            type="button"
            class="button bare"
            disabled={isOver || isBusy}
            aria-label={`Next ${label.toLowerCase()}`}
            onClick={() => {
              transport.next(what);
            }}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          class="button bare"
          disabled={isOver || isBusy}
          aria-label="Run to a time"
          onClick={() => {
            transport.isChoosingTime.value = true;
          }}
        >
          Time…
        </button>
      </div>
    </div>
  );
}

/** What the speed does; the rate that is reached is the clock itself. */
function Rate({ store }: { readonly store: SessionStore }): JSX.Element {
  const text = useComputed(() => {
    const speed = store.session.value?.playback_speed;
    return speed === undefined ? "" : `${speed.toLocaleString()}× is ${speedText(speed)}`;
  });
  return <span class="rate">{text}</span>;
}
