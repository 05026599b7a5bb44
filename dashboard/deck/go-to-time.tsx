/** Running to a time that the reader names, in New York's time. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { dayText, exchangeDate, exchangeInstant, timeText } from "../format/times.ts";
import { Dialog } from "../parts/dialog.tsx";
import { MomentFields } from "../parts/moment-fields.tsx";
import type { SessionStore } from "../store/session-store.ts";
import type { Transport } from "./transport.ts";

export interface GoToTimeParts {
  readonly store: SessionStore;
  readonly transport: Transport;
}

/** The next whole half-hour is what is proposed. */
const HALF_HOUR_MS = 1_800_000;

/** Open while the transport says so. */
export function GoToTime({ store, transport }: GoToTimeParts): JSX.Element | null {
  return transport.isChoosingTime.value ? <Asking store={store} transport={transport} /> : null;
}

function Asking({ store, transport }: GoToTimeParts): JSX.Element {
  const now = store.clock.value ?? 0;
  const end = Date.parse(store.session.value?.simulation_end ?? "");
  const proposed = (Math.floor(now / HALF_HOUR_MS) + 1) * HALF_HOUR_MS;
  const date = useSignal(exchangeDate(proposed));
  const time = useSignal(timeText(proposed));
  const at = exchangeInstant(date.value, time.value);
  const problem = problemOf(at, now, end);
  const close = (): void => {
    transport.isChoosingTime.value = false;
  };
  return (
    <Dialog title="Run to a time" class="narrow" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem !== undefined) return;
          close();
          transport.runTo(at);
        }}
      >
        <div class="dialog-body">
          <MomentFields date={date} time={time} min={now} max={end} />
          <p class={problem === undefined ? "hint" : "problem"} role="status">
            {problem ?? `The clock runs to ${dayText(at)} ${timeText(at)} ET; orders fill on the way.`}
          </p>
        </div>
        <div class="dialog-foot">
          <button class="button primary" disabled={problem !== undefined}>
            Run
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function problemOf(at: number, now: number, end: number): string | undefined {
  if (Number.isNaN(at)) return "Give a date and a time.";
  if (at <= now) return `The clock is past that: it stands at ${dayText(now)} ${timeText(now)} ET.`;
  return at > end ? `The session ends at ${dayText(end)} ${timeText(end)} ET.` : undefined;
}
