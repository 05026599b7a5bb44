/** Keys as the sheet writes them, and sequences such as "g s". */

export interface KeyStroke {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** The name of a stroke: "space", "alt+right", "shift+f", "mod+k", "?". */
export function nameOf({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyStroke): string {
  const plain = NAMES[key] ?? key.toLowerCase();
  const isLetter = /^[a-z]$/.test(plain) || plain.length > 1;
  const held = [ctrlKey || metaKey ? "mod" : "", altKey ? "alt" : "", shiftKey && isLetter ? "shift" : ""];
  return [...held.filter((each) => each !== ""), plain].join("+");
}

const NAMES: Readonly<Record<string, string>> = {
  " ": "space",
  ArrowRight: "right",
  ArrowLeft: "left",
  ArrowUp: "up",
  ArrowDown: "down",
  Escape: "esc",
};

/** How long the second key of a sequence may take. */
const SEQUENCE_MS_MAX = 1200;

/** Remembers the first key of a sequence: gives the names under which a stroke may be looked up, the longest first. */
export function createSequence(): (stroke: KeyStroke, now: number) => readonly string[] {
  let before: { readonly name: string; readonly at: number } | undefined;
  return (stroke, now) => {
    const name = nameOf(stroke);
    const isSecond = before !== undefined && now - before.at <= SEQUENCE_MS_MAX;
    const names = isSecond && before !== undefined ? [`${before.name} ${name}`, name] : [name];
    before = { name, at: now };
    return names;
  };
}
