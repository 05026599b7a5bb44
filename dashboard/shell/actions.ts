/** Everything that can be done by key or by name: one list for the keyboard, the palette and the sheet of keys. */
import { computed, signal } from "@preact/signals";
import { navigate } from "../routing/router.ts";

export interface Action {
  readonly name: string;
  /** As `nameOf` names strokes; the first is shown. */
  readonly keys: readonly string[];
  readonly run: () => void;
  /** The same on the command line. */
  readonly cli?: string;
  readonly group: "Go to" | "Tape" | "Trade" | "Page";
}

/** Which dialog of the shell is open. */
export const overlay = signal<"palette" | "keys" | "settings" | undefined>(undefined);

const show =
  (what: "palette" | "keys" | "settings"): (() => void) =>
  () => {
    overlay.value = what;
  };
const go =
  (path: string): (() => void) =>
  () => {
    navigate(path);
  };

const ALWAYS: readonly Action[] = [
  { group: "Go to", name: "Sessions", keys: ["g s"], run: go("/"), cli: "tapedeck session list" },
  { group: "Go to", name: "Data", keys: ["g d"], run: go("/data"), cli: "tapedeck data list" },
  { group: "Go to", name: "Connect", keys: ["g k"], run: go("/connect"), cli: "tapedeck keys list" },
  { group: "Go to", name: "API reference", keys: ["g a"], run: () => location.assign("/docs") },
  { group: "Page", name: "New session", keys: ["n"], run: go("/new"), cli: "tapedeck session create" },
  { group: "Page", name: "Search", keys: ["/"], run: focusSearch },
  { group: "Page", name: "Settings", keys: [","], run: show("settings") },
  { group: "Page", name: "Keyboard shortcuts", keys: ["?"], run: show("keys") },
  { group: "Page", name: "Command palette", keys: ["mod+k"], run: show("palette") },
];

/** What the screen that is shown adds. */
export const screenActions = signal<readonly Action[]>([]);

export const actions = computed<readonly Action[]>(() => [...screenActions.value, ...ALWAYS]);

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
}
