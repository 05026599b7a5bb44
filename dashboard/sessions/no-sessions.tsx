/** What stands in place of the list before there is a session: what one is, and the shortest way to one. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import { exchangeDate, exchangeInstant, exchangeIso } from "../format/times.ts";
import { Reels } from "../parts/icon.tsx";
import { navigate } from "../routing/router.ts";
import { sessionPath } from "../routing/routes.ts";
import { attempt } from "../shell/toasts.tsx";

export function NoSessions(): JSX.Element {
  const isBusy = useSignal(false);
  const start = async (): Promise<void> => {
    isBusy.value = true;
    try {
      navigate(sessionPath(await createDemo()));
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <div class="empty">
      <Reels />
      <h2>No sessions yet</h2>
      <p>A session is a market day, or a year, that you can play like a tape. Nothing in it is seen before its time.</p>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          disabled={isBusy.value}
          onClick={() => {
            attempt(start);
          }}
        >
          Create a demo session
        </button>
        <a class="button" href="/new">
          Choose the dates
        </a>
      </div>
      <p class="hint">
        or in a terminal: <code>tapedeck session create --help</code>
      </p>
    </div>
  );
}

/** A month of what there is, with an account to trade with; gives its id. */
async function createDemo(): Promise<string> {
  const [series] = await client.coverage();
  if (series === undefined) throw new Error("there are no bars to replay yet: tapedeck data import brings some");
  const from = Date.parse(series.from);
  const [first] = await client.calendar(exchangeDate(from), exchangeDate(from + 14 * 86_400_000));
  const until = Math.min(Date.parse(series.to), from + 31 * 86_400_000);
  const session = await client.createSession({
    name: "demo",
    startTime: first === undefined ? series.from : exchangeIso(exchangeInstant(first.date, first.open)),
    endTime: exchangeIso(until),
  });
  await client.openAccount(session.id);
  return session.id;
}
