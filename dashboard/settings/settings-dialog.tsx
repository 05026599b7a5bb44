/** The settings: how the page looks on this machine. */
import type { JSX } from "preact";
import { developmentKey, keyInUse, signOut, version } from "../api/access.ts";
import { Choices } from "../parts/choices.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { choose, settings } from "./settings.ts";

export function SettingsDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { theme, palette, density } = settings.value;
  return (
    <Dialog title="Settings" onClose={onClose}>
      <div class="dialog-body">
        <Choices
          legend="Theme"
          options={[
            ["system", "As the system"],
            ["light", "Light"],
            ["dark", "Dark"],
          ]}
          value={theme}
          onChoose={(value) => {
            choose({ theme: value });
          }}
        />
        <Choices
          legend="Colours of up and down"
          options={[
            ["green-red", "▲ green  ▼ red"],
            ["blue-orange", "▲ blue  ▼ orange"],
            ["up-red", "▲ red  ▼ green"],
          ]}
          value={palette}
          onChoose={(value) => {
            choose({ palette: value });
          }}
        />
        <Choices
          legend="Density"
          options={[
            ["comfortable", "Comfortable"],
            ["compact", "Compact"],
          ]}
          value={density}
          onChoose={(value) => {
            choose({ density: value });
          }}
        />
        <Behaviour />
        <Access />
      </div>
    </Dialog>
  );
}

/** What it does, beside how it looks. */
function Behaviour(): JSX.Element {
  const { zone, hasShortcuts, motion } = settings.value;
  return (
    <>
      <Choices
        legend="Time zone of simulated times"
        options={[
          ["exchange", "Exchange (New York)"],
          ["utc", "UTC"],
          ["local", "This machine"],
        ]}
        value={zone}
        onChoose={(value) => {
          choose({ zone: value });
        }}
      />
      <Choices
        legend="Movement"
        options={[
          ["system", "As the system"],
          ["reduced", "Reduced"],
        ]}
        value={motion}
        onChoose={(value) => {
          choose({ motion: value });
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={hasShortcuts}
          onChange={(event) => {
            choose({ hasShortcuts: event.currentTarget.checked });
          }}
        />
        Single keys are shortcuts (the command palette always opens)
      </label>
    </>
  );
}

function Access(): JSX.Element {
  return (
    <div class="page-head settings-foot">
      <p class="hint">
        Tapedeck {version.value ?? ""} · signed in as <code>{keyInUse.value ?? "nobody"}</code>
        {developmentKey.value !== undefined ? ", the development key" : ""}
      </p>
      {developmentKey.value !== undefined ? null : (
        <button type="button" class="button" onClick={signOut}>
          Sign out
        </button>
      )}
    </div>
  );
}
