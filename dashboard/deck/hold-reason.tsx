/** Why the clock stands, or what is waited for: one sentence, spoken at most when it changes. */
import type { JSX } from "preact";
import { dayText, timeText } from "../format/times.ts";
import { NOTHING } from "../format/numbers.ts";
import type { SessionStore } from "../store/session-store.ts";
import type { Transport } from "./transport.ts";

export interface HoldParts {
  readonly store: SessionStore;
  readonly transport: Transport;
}

export function HoldReason({ store, transport }: HoldParts): JSX.Element {
  const reason = reasonOf(store, transport);
  return (
    <p class="hold" role="status" data-kind={reason.kind}>
      {reason.text}
    </p>
  );
}

interface Reason {
  readonly kind: "plain" | "busy" | "bad";
  readonly text: string;
}

function reasonOf(store: SessionStore, { busy }: Transport): Reason {
  const trouble = troubleOf(store);
  if (trouble !== undefined) return { kind: "bad", text: trouble };
  const session = store.session.value;
  if (session === undefined) return { kind: "busy", text: "Opening the session…" };
  if (session.status === "completed") return { kind: "plain", text: "Reached the end of the session." };
  if (busy.value !== undefined) return { kind: "busy", text: `${busy.value.replace(/^r/, "R")}…` };
  if (session.playback_state === "paused") return { kind: "plain", text: "Paused." };
  const { phase, next } = store.phase.value;
  const isClosed = phase === "closed" && next !== undefined;
  const text = isClosed ? `Playing. Closed; next open ${dayText(next.at)} ${timeText(next.at)} ET.` : "Playing.";
  return { kind: "plain", text };
}

/** What keeps the clock from moving, or the page from hearing of it. */
function troubleOf({ session, link, clock, problem }: SessionStore): string | undefined {
  if (link.value === "refused") return problem.value ?? "The server refused.";
  if (link.value === "waiting") {
    const last = clock.value === undefined ? NOTHING : `${timeText(clock.value, "exchange", true)} ET`;
    return `Reconnecting… the last that was heard is ${last}`;
  }
  const known = session.value;
  if (known?.data_changed !== undefined) return known.notices?.at(-1) ?? "Its bars have changed.";
  return known?.failure;
}
