/** Short messages in the corner: what was done, and what the server refused. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { wordsOf } from "../api/errors.ts";
import { Icon } from "../parts/icon.tsx";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
}

/** More than these would hide the page. */
const SHOWN_MAX = 4;
const SHOWN_MS = 6000;

const toasts = signal<readonly Toast[]>([]);
let count = 0;

/** Says that something was done; it goes by itself. */
export function say(text: string): void {
  const id = add(text, false);
  setTimeout(() => {
    drop(id);
  }, SHOWN_MS);
}

/** Says what went wrong; it stays until it is closed. */
export function complain(error: unknown): void {
  const text = wordsOf(error);
  if (!toasts.value.some((toast) => toast.text === text)) add(text, true);
}

/** Runs what a button asks for; an error becomes a message. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch(complain);
}

function add(text: string, isBad: boolean): number {
  count += 1;
  toasts.value = [...toasts.value, { id: count, text, isBad }].slice(-SHOWN_MAX);
  return count;
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, isBad }) => (
        <div key={id} class={isBad ? "toast bad" : "toast"}>
          <p>
            {isBad ? <span class="visually-hidden">Error: </span> : null}
            {text}
          </p>
          <button
            type="button"
            class="button bare"
            aria-label="Dismiss"
            onClick={() => {
              drop(id);
            }}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
