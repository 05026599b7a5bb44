/** The sheet of keys. */
import type { JSX } from "preact";
import { Dialog } from "../parts/dialog.tsx";
import { settings } from "../settings/settings.ts";
import { actions, overlay } from "./actions.ts";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const SHOWN: Readonly<Record<string, string>> = {
  mod: isMac ? "⌘" : "Ctrl",
  alt: isMac ? "⌥" : "Alt",
  shift: "⇧",
  space: "Space",
  right: "→",
  left: "←",
  esc: "Esc",
};

/** Keys as they are printed on a keyboard. */
export function Keys({ keys }: { readonly keys: readonly string[] }): JSX.Element {
  return (
    <span class="hint">
      {keys.map((name, index) => (
        <span key={name}>
          {index > 0 ? " or " : ""}
          {name.split(" ").map((stroke) => (
            <kbd key={stroke}>
              {stroke
                .split("+")
                .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
                .join(" ")}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}

export function KeysSheet(): JSX.Element {
  const close = (): void => {
    overlay.value = undefined;
  };
  return (
    <Dialog title="Keyboard shortcuts" onClose={close}>
      <div class="dialog-body">
        {settings.value.hasShortcuts ? null : <p class="notice">Shortcuts are switched off in the settings.</p>}
        {(["Tape", "Trade", "Go to", "Page"] as const).map((group) => {
          const own = actions.value.filter((action) => action.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group}>
              <h3 class="hint">{group}</h3>
              <div class="keys">
                {own.map(({ name, keys }) => (
                  <div key={name}>
                    <span>{name}</span>
                    <Keys keys={keys} />
                  </div>
                ))}
              </div>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
