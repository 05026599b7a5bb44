/** What the reader chose, kept on this machine and shown to the stylesheet. */
import { effect, signal } from "@preact/signals";
import type { Zone } from "../format/times.ts";

export interface Settings {
  readonly theme: "system" | "light" | "dark";
  readonly palette: "green-red" | "blue-orange" | "up-red";
  readonly density: "comfortable" | "compact";
  readonly zone: Zone;
  /** Whether single keys act; the command palette always opens. */
  readonly hasShortcuts: boolean;
  /** Whether things move on the page; "system": as the system says. */
  readonly motion: "system" | "reduced";
}

const DEFAULTS: Settings = {
  theme: "system",
  palette: "green-red",
  density: "comfortable",
  zone: "exchange",
  hasShortcuts: true,
  motion: "system",
};

const KEY = "tapedeck.settings";

export const settings = signal<Settings>(readSettings(localStorage.getItem(KEY)));

/** Changes some of them. */
export function choose(changes: Partial<Settings>): void {
  settings.value = { ...settings.value, ...changes };
  localStorage.setItem(KEY, JSON.stringify(settings.value));
}

/** Settings out of a text of whatever origin: what is not known keeps its default. */
export function readSettings(text: string | null): Settings {
  try {
    const kept = JSON.parse(text ?? "{}") as Partial<Record<keyof Settings, unknown>>;
    const known = Object.entries(DEFAULTS).map(([name, value]) => {
      const given = kept[name as keyof Settings];
      return [name, typeof given === typeof value ? given : value];
    });
    return Object.fromEntries(known) as Settings;
  } catch {
    return DEFAULTS;
  }
}

/** Keeps the document in step with the settings. */
export function applySettings(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    const { theme, palette, density, motion } = settings.value;
    Object.assign(dataset, { theme, palette, density, motion });
  });
}
