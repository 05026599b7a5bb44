/** The header: where one can go, and whether the server answers. */
import type { JSX } from "preact";
import { isOnline } from "../api/access.ts";
import { Icon, Reels } from "../parts/icon.tsx";
import { route } from "../routing/router.ts";
import { overlay } from "./actions.ts";
import { Keys } from "./keys-sheet.tsx";

/** Screens that are there. */
const PLACES = [
  ["/", "Sessions", ["sessions", "new", "session"]],
  ["/data", "Data", ["catalog", "symbol"]],
  ["/connect", "Connect", ["connect"]],
] as const;

export function Header(): JSX.Element {
  const here = route.value.kind;
  return (
    <header class="top">
      <a class="brand" href="/">
        <Reels />
        Tapedeck
      </a>
      <nav aria-label="Main">
        {PLACES.map(([path, label, kinds]) => (
          <a key={path} href={path} aria-current={(kinds as readonly string[]).includes(here) ? "page" : undefined}>
            {label}
          </a>
        ))}
        <a href="/docs">API docs</a>
      </nav>
      <span class="online" role="status">
        <span class="light" data-state={isOnline.value ? "on" : "off"} />
        <span class={isOnline.value ? "" : "problem"}>{isOnline.value ? "online" : "offline"}</span>
      </span>
      <Opener what="palette" label="Command palette" icon="search" keys="mod+k" />
      <Opener what="settings" label="Settings" icon="gear" />
    </header>
  );
}

interface OpenerParts {
  readonly what: "palette" | "settings";
  readonly label: string;
  readonly icon: "search" | "gear";
  readonly keys?: string;
}

function Opener({ what, label, icon, keys }: OpenerParts): JSX.Element {
  return (
    <button
      type="button"
      class="button bare"
      aria-label={label}
      title={label}
      onClick={() => {
        overlay.value = what;
      }}
    >
      <Icon name={icon} />
      {keys === undefined ? null : (
        <span class="wide">
          <Keys keys={[keys]} />
        </span>
      )}
    </button>
  );
}
