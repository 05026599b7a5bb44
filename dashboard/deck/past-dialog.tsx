/** Back in time: another session that begins there, or this one taken back; says what becomes of what came after. */
import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import { dayText, exchangeDate, exchangeInstant, timeText } from "../format/times.ts";
import { Dialog } from "../parts/dialog.tsx";
import { MomentFields } from "../parts/moment-fields.tsx";
import { navigate } from "../routing/router.ts";
import { titleOf } from "../sessions/session-facts.ts";
import { complain, say } from "../shell/toasts.tsx";
import type { SessionStore } from "../store/session-store.ts";

export interface PastParts {
  readonly store: SessionStore;
  readonly isOpen: Signal<boolean>;
}

/** Open while the signal says so. */
export function PastDialog({ store, isOpen }: PastParts): JSX.Element | null {
  return isOpen.value ? <Asking store={store} isOpen={isOpen} /> : null;
}

type Way = "fork" | "rewind";

const WAYS: Readonly<Record<Way, readonly [label: string, hint: string]>> = {
  fork: ["Fork", "A new session with the same past up to there. This one stays as it is, with all that is connected."],
  rewind: ["Rewind", "This session goes back. What came after is kept as a fork; bots see time go backwards."],
};

function Asking({ store, isOpen }: PastParts): JSX.Element {
  const now = store.clock.value ?? 0;
  const start = Date.parse(store.session.value?.simulation_start ?? "");
  const date = useSignal(exchangeDate(now));
  const time = useSignal(timeText(now));
  const way = useSignal<Way>("fork");
  const isBusy = useSignal(false);
  const typed = exchangeInstant(date.value, time.value);
  // Minutes are what is typed: the minute of the clock is the clock.
  const at = typed <= now && typed > now - 60_000 ? now : typed;
  const problem = problemOf(at, start, now);
  const close = (): void => {
    isOpen.value = false;
  };
  const run = async (): Promise<void> => {
    isBusy.value = true;
    const moment = new Date(at).toISOString();
    if (way.value === "fork") {
      const name = store.session.value === undefined ? "" : titleOf(store.session.value);
      const { id } = await client.fork(store.id, { at: moment, name: `${name} from ${timeText(at)}`.trim() });
      close();
      navigate(`/s/${id}`);
      say("Forked: this is the new session");
    } else {
      const { keptSessionId: kept } = await client.rewind(store.id, moment);
      close();
      if (kept !== null) say("What came after is kept as a fork");
    }
  };
  return (
    <Dialog title="Back in time" class="narrow" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem !== undefined || isBusy.value) return;
          run()
            .catch(complain)
            .finally(() => {
              isBusy.value = false;
            });
        }}
      >
        <div class="dialog-body">
          <MomentFields date={date} time={time} min={start} max={now} />
          <p class={problem === undefined ? "hint" : "problem"} role="status">
            {problem ?? `${dayText(at)} ${timeText(at)} ET: all that was commanded until then is part of it.`}
          </p>
          <Ways way={way} />
        </div>
        <div class="dialog-foot">
          <button class="button primary" disabled={problem !== undefined || isBusy.value}>
            {way.value === "fork" ? "Fork there" : "Rewind to there"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Ways({ way }: { readonly way: Signal<Way> }): JSX.Element {
  return (
    <div role="radiogroup" aria-label="How" class="ways">
      {(Object.entries(WAYS) as [Way, readonly [string, string]][]).map(([each, [label, hint]]) => (
        <label key={each} class="way">
          <input
            type="radio"
            name="way"
            checked={way.value === each}
            onChange={() => {
              way.value = each;
            }}
          />
          <span>
            <strong>{label}</strong>
            <span class="hint">{hint}</span>
          </span>
        </label>
      ))}
    </div>
  );
}

function problemOf(at: number, start: number, now: number): string | undefined {
  if (Number.isNaN(at)) return "Give a date and a time.";
  if (at < start) return `The session begins at ${dayText(start)} ${timeText(start)} ET.`;
  return at > now ? `That has not been: the clock stands at ${dayText(now)} ${timeText(now)} ET.` : undefined;
}
