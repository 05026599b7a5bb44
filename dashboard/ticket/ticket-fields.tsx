/** The fields of which the ticket is made. */
import type { ComponentChildren, JSX } from "preact";
import type { TicketDraft, TicketField } from "./ticket-draft.ts";

export interface FieldsParts {
  readonly draft: TicketDraft;
  readonly change: (changes: Partial<TicketDraft>) => void;
  /** What is wrong with a field, in the server's words. */
  readonly wrong: (field: TicketField) => string | undefined;
}

export interface TextFieldParts {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly wrong?: string | undefined;
  readonly isNumber?: boolean;
  readonly autofocus?: boolean;
  readonly list?: string;
  readonly onInput: (text: string) => void;
  readonly children?: ComponentChildren;
}

export function TextField(parts: TextFieldParts): JSX.Element {
  const { id, label, value, wrong, isNumber = false, autofocus = false, list, onInput, children } = parts;
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="field"
        type="text"
        inputMode={isNumber ? "decimal" : "text"}
        autocomplete="off"
        spellcheck={false}
        autofocus={autofocus}
        list={list}
        value={value}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
      {children}
      {wrong === undefined ? null : (
        <p id={`${id}-wrong`} class="problem" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

export interface ChoiceParts<Name extends string> {
  readonly id: string;
  readonly label: string;
  readonly options: Readonly<Record<Name, string>>;
  readonly value: Name;
  readonly isDisabled?: boolean;
  readonly onChange: (name: Name) => void;
}

export function Choice<Name extends string>(parts: ChoiceParts<Name>): JSX.Element {
  const { id, label, options, value, isDisabled = false, onChange } = parts;
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="field"
        value={value}
        disabled={isDisabled}
        onChange={(event) => {
          onChange(event.currentTarget.value as Name);
        }}
      >
        {(Object.entries(options) as [Name, string][]).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
