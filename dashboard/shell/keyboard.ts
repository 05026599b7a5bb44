/** Keys of the whole page: they act only outside of fields, and not at all where the reader switched them off. */
import { settings } from "../settings/settings.ts";
import { actions, overlay } from "./actions.ts";
import { createSequence } from "./key-strokes.ts";

/** Listens until the page ends. */
export function listenToKeys(): void {
  const sequence = createSequence();
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const names = sequence(event, event.timeStamp);
    const isPalette = names.includes("mod+k");
    if (!isPalette && (!settings.value.hasShortcuts || isTaken(event))) return;
    if (isPalette && overlay.value !== undefined) return event.preventDefault();
    const action = names.flatMap((name) => actions.value.find(({ keys }) => keys.includes(name)) ?? [])[0];
    if (action === undefined) return;
    event.preventDefault();
    action.run();
  });
}

/** Inputs that take no letters. */
const WITHOUT_TEXT = "input[type=checkbox], input[type=radio], input[type=range]";

/** Keys that buttons, links and such inputs understand themselves. */
const THEIR_OWN = /^(?: |Enter|Arrow\w+|Page\w+|Home|End)$/;

/** Whether the key belongs to what has the focus, or to an open dialog. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (overlay.value !== undefined || document.querySelector("dialog[open]") !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(WITHOUT_TEXT) !== null) return THEIR_OWN.test(key);
  if (target.isContentEditable || target.closest("input, select, textarea") !== null) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary") !== null;
}
