/** The command palette: every action by its name, with its key and its line for the terminal. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { Dialog } from "../parts/dialog.tsx";
import { actions, overlay, type Action } from "./actions.ts";
import { Keys } from "./keys-sheet.tsx";

const close = (): void => {
  overlay.value = undefined;
};

export function Palette(): JSX.Element {
  const query = useSignal("");
  const place = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const words = query.value.toLowerCase().split(/\s+/);
  const found = actions.value.filter(({ group, name }) =>
    words.every((word) => `${group} ${name}`.toLowerCase().includes(word)),
  );
  const chosen = Math.min(place.value, found.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });
  const run = (action: Action | undefined): void => {
    if (action === undefined) return;
    close();
    action.run();
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      place.value = (chosen + step + found.length) % Math.max(1, found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <Dialog title="Command palette" class="palette" isBare onClose={close}>
      <input
        class="field"
        type="text"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={found.length === 0 ? undefined : `command-${chosen}`}
        placeholder="What would you like to do?"
        autocomplete="off"
        value={query.value}
        onKeyDown={onKey}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          place.value = 0;
        }}
      />
      <div ref={list} id="commands" role="listbox" aria-label="Commands" tabIndex={-1}>
        {found.map((action, index) => (
          <Option
            key={action.name}
            id={`command-${index}`}
            action={action}
            isChosen={index === chosen}
            onPoint={() => {
              place.value = index;
            }}
            onRun={run}
          />
        ))}
      </div>
      {found.length === 0 ? <p class="hint empty">Nothing is called that.</p> : null}
    </Dialog>
  );
}

interface OptionParts {
  readonly id: string;
  readonly action: Action;
  readonly isChosen: boolean;
  readonly onPoint: () => void;
  readonly onRun: (action: Action) => void;
}

function Option({ id, action, isChosen, onPoint, onRun }: OptionParts): JSX.Element {
  return (
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onMouseMove={onPoint}
      onClick={() => {
        onRun(action);
      }}
    >
      <span class="quiet">{action.group}</span>
      <span>{action.name}</span>
      <code>{action.cli}</code>
      <Keys keys={action.keys.slice(0, 1)} />
    </div>
  );
}
