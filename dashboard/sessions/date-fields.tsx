/** From when to when: two dates, and shortcuts to usual spans. */
import type { JSX } from "preact";
import type { Coverage } from "../api/types.ts";
import type { Draft } from "./session-draft.ts";
import { PRESETS, spanOf } from "./spans.ts";

export interface DateFieldsParts {
  readonly draft: Draft;
  /** What the chosen symbols have. */
  readonly series: readonly Coverage[];
  readonly change: (changes: Partial<Draft>) => void;
  readonly wrong: string | undefined;
}

export function DateFields({ draft, series, change, wrong }: DateFieldsParts): JSX.Element {
  const { from: min, to: max } = spanOf("all", series);
  return (
    <fieldset class="labelled">
      <legend class="visually-hidden">Dates</legend>
      <div class="pair">
        {(["from", "to"] as const).map((edge) => (
          <div key={edge} class="labelled">
            <label for={edge}>{edge === "from" ? "From the open of" : "To the close of"}</label>
            <input
              id={edge}
              class="field"
              type="date"
              required
              min={min}
              max={max}
              aria-invalid={wrong === edge}
              value={draft[edge]}
              onInput={(event) => {
                change({ [edge]: event.currentTarget.value });
              }}
            />
          </div>
        ))}
      </div>
      <div class="choices" role="group" aria-label="Usual spans">
        {PRESETS.map(([preset, label]) => (
          <button
            key={preset}
            type="button"
            class="button"
            onClick={() => {
              change(spanOf(preset, series, preset === "all" || draft.from === "" ? undefined : draft.from));
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {min === "" ? <p class="problem">These symbols have no day in common.</p> : null}
    </fieldset>
  );
}
