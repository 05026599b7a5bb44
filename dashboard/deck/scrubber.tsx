/** The whole span as a line: months, what happened, and where the head stands; to the right of it there is nothing. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { dayText, exchangeDate, exchangeInstant, timeText } from "../format/times.ts";
import type { Mark } from "../store/session-reducer.ts";
import type { SessionStore } from "../store/session-store.ts";
import { say } from "../shell/toasts.tsx";
import type { Transport } from "./transport.ts";

const WIDTH = 1000;

/** Marks that are drawn; further ones would stand upon one another. */
const MARKS_MAX = 400;

const DAY_MS = 86_400_000;

export interface ScrubberParts {
  readonly store: SessionStore;
  readonly transport: Transport;
}

export function Scrubber({ store, transport }: ScrubberParts): JSX.Element | null {
  const dragged = useSignal<number | undefined>(undefined);
  const session = store.session.value;
  const now = store.clock.value;
  if (session === undefined || now === undefined) return <div class="scrubber" />;
  const [start, end] = [Date.parse(session.simulation_start), Date.parse(session.simulation_end)];
  const x = (at: number): number => ((at - start) / Math.max(1, end - start)) * WIDTH;
  const shown = dragged.value ?? now;
  const commit = (): void => {
    const to = dragged.value;
    dragged.value = undefined;
    if (to === undefined || to === now) return;
    if (to > now) transport.runTo(Math.min(to, end));
    else say("A session's clock only goes forward: nobody who listens to it sees time turn back.");
  };
  return (
    <div class="scrubber">
      <Ground marks={store.tape.value.marks} x={x} now={now} ticks={ticksOf(start, end)} />
      <input
        type="range"
        aria-label="Position"
        aria-valuetext={`${dayText(shown)}, ${timeText(shown)} Eastern`}
        min={start}
        max={end}
        step={60_000}
        value={shown}
        disabled={session.status !== "active"}
        onInput={(event) => {
          dragged.value = Number(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          const days = { PageUp: 1, PageDown: -1 }[event.key];
          if (days === undefined) return;
          event.preventDefault();
          dragged.value = Math.min(end, Math.max(start, shown + days * DAY_MS));
        }}
        onKeyUp={(event) => {
          if (event.key === "PageUp" || event.key === "PageDown") commit();
        }}
        onChange={commit}
      />
      {dragged.value === undefined ? null : (
        <output class="scrub-to" style={{ insetInlineStart: `${x(shown) / (WIDTH / 100)}%` }}>
          {shown > now ? "run to " : ""}
          {dayText(shown)} {timeText(shown)} ET
        </output>
      )}
    </div>
  );
}

interface GroundParts {
  readonly marks: readonly Mark[];
  readonly x: (at: number) => number;
  readonly now: number;
  readonly ticks: readonly Tick[];
}

/** Fills as triangles, up for a buy and down for a sell; refusals as crosses. */
const SHAPES: Readonly<Record<Mark["kind"], string>> = { buy: "▲", sell: "▼", refused: "✕" };

function Ground({ marks, x, now, ticks }: GroundParts): JSX.Element {
  const head = `${x(now) / (WIDTH / 100)}%`;
  return (
    <div class="ground" aria-hidden="true">
      {ticks.map(({ at, label }) => (
        <span key={at} class="tick" style={{ insetInlineStart: `${x(at) / (WIDTH / 100)}%` }}>
          {label}
        </span>
      ))}
      <span class="played" style={{ inlineSize: head }} />
      {marks.slice(-MARKS_MAX).map(({ at, kind }, index) => (
        <span key={index} class={`mark ${kind}`} style={{ insetInlineStart: `${x(at) / (WIDTH / 100)}%` }}>
          {SHAPES[kind]}
        </span>
      ))}
      <span class="head" style={{ insetInlineStart: head }} />
    </div>
  );
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Ticks that there is room for, and the share of the line that a label takes. */
const TICKS_MAX = 14;
const LABEL_WIDTH = 0.03;

/** The beginnings of months; of days where the span is shorter than two months. */
function ticksOf(start: number, end: number): readonly Tick[] {
  const isShort = end - start < 62 * DAY_MS;
  const found: Tick[] = [];
  for (let at = start + DAY_MS; at < end; at += DAY_MS) {
    const date = exchangeDate(at);
    if (!isShort && !date.endsWith("-01")) continue;
    const midnight = exchangeInstant(date, "00:00");
    const [, day, month, year] = dayText(midnight).split(" ");
    const label = isShort ? `${day} ${month}` : month === "Jan" ? `${year}` : `${month}`;
    found.push({ at: midnight, label });
  }
  const every = Math.ceil(found.length / TICKS_MAX);
  const last = end - (end - start) * LABEL_WIDTH;
  return found.filter(({ at }, index) => index % every === 0 && at < last);
}
