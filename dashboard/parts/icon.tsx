/** Icons, drawn here: strokes of one weight on a grid of 24. */
import type { JSX } from "preact";

const PATHS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8 5.5v13M16 5.5v13",
  step: "M6 5.5v13l8.5-6.5zM18.5 5.5v13",
  skip: "M4.5 6v12l7-6zM12.5 6v12l7-6z",
  plus: "M12 5v14M5 12h14",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.5 4.5",
  gear: "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM8.500 14.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.500 4.500L19 7.500",
  cross: "M7 7l10 10M17 7L7 17",
  chevron: "M7 10l5 5 5-5",
  back: "M14 6l-6 6 6 6",
  copy: "M9 9h10.500v10.500H9zM5 15H4V4h11v1",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13",
  keyboard: "M3 6.500h18v11H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words that say the same; screen readers pass over it. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Two reels and the tape between them. */
export function Reels(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <g fill="none" stroke="var(--accent)" stroke-width="2.2" stroke-linecap="round">
        <circle cx="9.500" cy="13.500" r="5" />
        <circle cx="22.500" cy="13.500" r="5" />
        <path d="M4 23.500h24M9.500 13.500h.01M22.500 13.500h.01" />
      </g>
    </svg>
  );
}
