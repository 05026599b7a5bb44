/** A date and a time of day in New York, for a moment of a session. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { exchangeDate } from "../format/times.ts";

export interface MomentParts {
  readonly date: Signal<string>;
  readonly time: Signal<string>;
  /** Epoch milliseconds. */
  readonly min: number;
  readonly max: number;
}

export function MomentFields({ date, time, min, max }: MomentParts): JSX.Element {
  return (
    <div class="pair">
      <div class="labelled">
        <label for="run-date">Date</label>
        <input
          id="run-date"
          class="field"
          type="date"
          required
          min={exchangeDate(min)}
          max={exchangeDate(max)}
          value={date.value}
          onInput={(event) => {
            date.value = event.currentTarget.value;
          }}
        />
      </div>
      <div class="labelled">
        <label for="run-time">Time in New York</label>
        <input
          id="run-time"
          class="field"
          type="time"
          required
          autofocus
          value={time.value}
          onInput={(event) => {
            time.value = event.currentTarget.value;
          }}
        />
      </div>
    </div>
  );
}
