/** Connecting a bot: where to, with which key, in which words; and whether its requests arrive. */
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { Code } from "../parts/code.tsx";
import { search } from "../routing/router.ts";
import { exchangeDate } from "../format/times.ts";
import { titleOf } from "../sessions/session-facts.ts";
import { attempt } from "../shell/toasts.tsx";
import { Arrival } from "./arrival.tsx";
import {
  account,
  accounts,
  chooseSession,
  openAccount,
  openConnection,
  session,
  sessions,
  shownKey,
} from "./connection.ts";
import { KeysCard } from "./keys-card.tsx";
import { RequestsCard } from "./requests-card.tsx";
import { watchRequests } from "./request-watch.ts";
import { runLine, SNIPPETS, type SnippetName } from "./snippets.ts";

export function ConnectScreen(): JSX.Element {
  useEffect(() => {
    void openConnection(new URLSearchParams(search.value).get("session"));
    return watchRequests();
  }, []);
  return (
    <>
      <div class="page-head">
        <h1>Connect</h1>
        <p class="hint">An unmodified Alpaca bot needs one address and a key.</p>
      </div>
      <div class="connect">
        <section class="card panel" aria-labelledby="bot">
          <h2 id="bot">Your bot</h2>
          <Target />
        </section>
        <section class="card panel" aria-labelledby="arrival">
          <h2 id="arrival">Does it arrive?</h2>
          <Arrival />
          <h3>Without a server</h3>
          <p class="hint">A session of its own, played while the bot waits; the bot needs no address and no key.</p>
          <RunLine />
        </section>
        <KeysCard />
        <RequestsCard />
      </div>
    </>
  );
}

function RunLine(): JSX.Element {
  const from = session.value?.simulation_start;
  const to = session.value?.simulation_end;
  const text = runLine(
    from === undefined ? "2023-01-03" : exchangeDate(Date.parse(from)),
    to === undefined ? "2023-01-31" : exchangeDate(Date.parse(to)),
  );
  return <Code label="tapedeck run" languages={[["shell", "Terminal"]]} text={() => text} />;
}

function Target(): JSX.Element {
  if (sessions.value === undefined) return <div class="skeleton snippet-space" />;
  if (session.value === undefined)
    return (
      <div class="empty">
        <p>A bot trades in a session. There is none yet.</p>
        <div class="actions">
          <a class="button primary" href="/new">
            New session
          </a>
        </div>
      </div>
    );
  return (
    <>
      <div class="pair">
        <SessionField />
        <AccountField />
      </div>
      {account.value === undefined ? <NoAccount /> : <Snippets account={account.value.id} />}
    </>
  );
}

function SessionField(): JSX.Element {
  return (
    <div class="labelled">
      <label for="connect-session">Session</label>
      <select
        id="connect-session"
        class="field"
        value={session.value?.id}
        onChange={(event) => {
          const { value } = event.currentTarget;
          attempt(() => chooseSession(sessions.value?.find(({ id }) => id === value)));
        }}
      >
        {sessions.value?.map((each) => (
          <option key={each.id} value={each.id}>
            {titleOf(each)}
          </option>
        ))}
      </select>
    </div>
  );
}

function AccountField(): JSX.Element {
  const all = accounts.value ?? [];
  return (
    <div class="labelled">
      <label for="connect-account">Account</label>
      <select
        id="connect-account"
        class="field"
        disabled={all.length === 0}
        value={account.value?.id}
        onChange={(event) => {
          const { value } = event.currentTarget;
          account.value = all.find(({ id }) => id === value);
        }}
      >
        {all.length === 0 ? <option>{accounts.value === undefined ? "…" : "none yet"}</option> : null}
        {all.map(({ id, account_name, account_number }) => (
          <option key={id} value={id}>
            {account_name === "" ? account_number : account_name}
          </option>
        ))}
      </select>
    </div>
  );
}

function NoAccount(): JSX.Element | null {
  if (accounts.value === undefined) return <div class="skeleton snippet-space" />;
  return (
    <div class="empty">
      <p>This session has no account yet.</p>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          onClick={() => {
            attempt(openAccount);
          }}
        >
          Open an account
        </button>
      </div>
    </div>
  );
}

const LANGUAGES = Object.entries(SNIPPETS).map(([key, { name }]) => [key as SnippetName, name] as const);

function Snippets({ account: id }: { readonly account: string }): JSX.Element {
  const key = shownKey.value;
  const place = {
    origin: location.origin,
    account: id,
    id: key?.id ?? "YOUR_KEY_ID",
    secret: key?.secret ?? "YOUR_SECRET_KEY",
  };
  return (
    <div class="snippets">
      <Code label="Snippet" languages={LANGUAGES} text={(language) => SNIPPETS[language].text(place)} />
      <p class="hint">
        {key === undefined
          ? "Put your key's id and secret in, or make a key for this account below: it stands here then."
          : key.name !== undefined
            ? `With the key “${key.name}”. Its secret stands here until you leave the page.`
            : "With the development key, which only works on this machine."}{" "}
        The clock stands still until the <a href={`/s/${session.value?.id ?? ""}`}>session</a> plays.
      </p>
    </div>
  );
}
