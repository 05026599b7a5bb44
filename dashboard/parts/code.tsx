/** Text for a terminal or a program, in one of several languages, with a button that copies it. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { JSX } from "preact";
import { say } from "../shell/toasts.tsx";
import { Icon } from "./icon.tsx";

export interface CodeParts<T extends string> {
  readonly label: string;
  readonly languages: readonly (readonly [T, string])[];
  readonly text: (language: T) => string;
}

export function Code<T extends string>({ label, languages, text }: CodeParts<T>): JSX.Element {
  const group = useId();
  const chosen = useSignal<T | undefined>(languages[0]?.[0]);
  const shown = chosen.value === undefined ? "" : text(chosen.value);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(shown);
    say("Copied");
  };
  return (
    <>
      <div class="code-head" role="group" aria-label={label}>
        {languages.length === 1 ? <span class="hint">{languages[0]?.[1]}</span> : null}
        {(languages.length === 1 ? [] : languages).map(([language, name]) => (
          <label key={language} class="choice">
            <input
              type="radio"
              name={group}
              checked={language === chosen.value}
              onChange={() => {
                chosen.value = language;
              }}
            />
            <span class="button bare">{name}</span>
          </label>
        ))}
        <button type="button" class="button bare" aria-label="Copy" title="Copy" onClick={() => void copy()}>
          <Icon name="copy" />
        </button>
      </div>
      <pre class="code" tabIndex={0} role="region" aria-label={label}>
        <code>{shown}</code>
      </pre>
    </>
  );
}
