/** What the deck asks of the server: play, pause, speed, and running until something happens. */
import { signal } from "@preact/signals";
import { client } from "../api/access.ts";
import type { AdvanceBody, AdvanceReply } from "../api/types.ts";
import { dayText, exchangeDate, timeText } from "../format/times.ts";
import { nextDayAt } from "../store/market-days.ts";
import type { SessionStore } from "../store/session-store.ts";
import { attempt, say } from "../shell/toasts.tsx";

/** What one can run until. */
export type Next = "fill" | "order" | "open" | "close" | "day";

export const NEXTS: readonly (readonly [Next, string])[] = [
  ["fill", "Fill"],
  ["order", "Order event"],
  ["open", "Open"],
  ["close", "Close"],
  ["day", "Day"],
];

/** Speeds with a button of their own; the last is the most that the API takes. */
export const SPEEDS: readonly (readonly [number, string])[] = [
  [1, "1×"],
  [10, "10×"],
  [60, "60×"],
  [600, "600×"],
  [1_000_000, "max"],
];

const DAY_MINUTES = 1440;

export type Transport = ReturnType<typeof createTransport>;

/** The commands of one session; while one is under way, `busy` says what is waited for. */
export function createTransport(store: SessionStore) {
  const busy = signal<string | undefined>(undefined);
  const isChoosingTime = signal(false);
  const { id, session, clock, days } = store;
  const ask = (label: string | undefined, work: () => Promise<unknown>): void => {
    attempt(async () => {
      busy.value = label;
      try {
        await work();
      } finally {
        busy.value = undefined;
        store.refresh();
      }
    });
  };
  const advance = (label: string, body: AdvanceBody, after?: (reply: AdvanceReply) => void): void => {
    if (busy.value !== undefined) return;
    ask(label, async () => {
      const reply = await client.advance(id, body);
      after?.(reply);
    });
  };
  const runTo = (at: number): void => {
    advance(`running to ${dayText(at)} ${timeText(at)}`, { targetTime: new Date(at).toISOString() });
  };
  const next = (what: Next): void => {
    if (what === "day") {
      const at = nextDayAt(days.value, clock.value ?? 0, exchangeDate);
      if (at === undefined) say("The calendar knows no later trading day.");
      else runTo(at);
      return;
    }
    const until = what === "order" ? "next_order_event" : `next_${what}`;
    advance(
      `running to the next ${what === "order" ? "order event" : what}`,
      { until },
      ({ isReached, currentTime }) => {
        const now = timeText(Date.parse(currentTime));
        if (isReached === false) say(`No ${what === "order" ? "order event" : what} came by ${now} ET.`);
      },
    );
  };
  return {
    busy,
    /** Whether the dialog that asks for a time is open. */
    isChoosingTime,
    runTo,
    toggle: (): void => {
      const isPlaying = session.value?.playback_state === "playing";
      ask(undefined, async () => {
        session.value = await (isPlaying ? client.pause(id) : client.play(id));
      });
    },
    setSpeed: (speed: number): void => {
      ask(undefined, async () => {
        session.value = await client.setSpeed(id, speed);
      });
    },
    /** One bar of a timeframe: to the next whole multiple of so many minutes; a day is one of the exchange's. */
    step: (minutes: number): void => {
      const length = minutes * 60_000;
      if (minutes >= DAY_MINUTES) next("day");
      else runTo((Math.floor((clock.value ?? 0) / length) + 1) * length);
    },
    next,
  };
}

/** The speed of the next button up or down. */
export function neighbourOf(speed: number, step: 1 | -1): number {
  const known = SPEEDS.map(([each]) => each);
  const next = step === 1 ? known.find((each) => each > speed) : known.findLast((each) => each < speed);
  return next ?? speed;
}
