/** How fast the tape runs: five usual speeds, and everything between them. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { JSX } from "preact";
import { speedText } from "../format/times.ts";
import type { SessionStore } from "../store/session-store.ts";
import { SPEEDS, type Transport } from "./transport.ts";

/** The slider is logarithmic: from 10⁰ to 10⁶. */
const POWER_MAX = 6;

export interface SpeedParts {
  readonly store: SessionStore;
  readonly transport: Transport;
}

export function SpeedControl({ store, transport }: SpeedParts): JSX.Element {
  const name = useId();
  const dragged = useSignal<number | undefined>(undefined);
  const speed = store.session.value?.playback_speed ?? 1;
  const shown = dragged.value ?? speed;
  return (
    <fieldset class="speeds">
      <legend class="visually-hidden">Speed</legend>
      {SPEEDS.map(([each, label]) => (
        <label key={each} class="choice">
          <input
            type="radio"
            name={name}
            checked={speed === each}
            onChange={() => {
              transport.setSpeed(each);
            }}
          />
          <span class="button bare">{label}</span>
        </label>
      ))}
      <input
        type="range"
        aria-label="Speed"
        aria-valuetext={`${Math.round(shown)} times, ${speedText(shown)}`}
        title={`${Math.round(shown).toLocaleString()}×: ${speedText(shown)}`}
        min={0}
        max={POWER_MAX}
        step={0.1}
        value={Math.log10(Math.max(1, shown))}
        onInput={(event) => {
          dragged.value = 10 ** Number(event.currentTarget.value);
        }}
        onChange={(event) => {
          dragged.value = undefined;
          transport.setSpeed(rounded(10 ** Number(event.currentTarget.value)));
        }}
      />
    </fieldset>
  );
}

/** To two digits: 63 and not 63.0957. */
const rounded = (speed: number): number => Number(speed.toPrecision(2));
