/** One of a few: radio buttons that look like a row of buttons. */
import { useId } from "preact/hooks";
import type { JSX } from "preact";

export interface ChoicesParts<T extends string> {
  readonly legend: string;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly value: T | undefined;
  readonly onChoose: (value: T) => void;
}

export function Choices<T extends string>({ legend, options, value, onChoose }: ChoicesParts<T>): JSX.Element {
  const name = useId();
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="choices">
        {options.map(([each, label]) => (
          <label key={each} class="choice">
            <input
              type="radio"
              name={name}
              checked={each === value}
              onChange={() => {
                onChoose(each);
              }}
            />
            <span class="button">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
