/** The keys: what each was made for, when it was last used; making and revoking them. */
import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client, developmentKey } from "../api/access.ts";
import type { Key } from "../api/connect-types.ts";
import { NOTHING } from "../format/numbers.ts";
import { momentText } from "../format/times.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { titleOf } from "../sessions/session-facts.ts";
import { attempt, say } from "../shell/toasts.tsx";
import { account, freshKeys, sessions } from "./connection.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { requests } from "./request-watch.ts";

const keys = signal<readonly Key[] | undefined>(undefined);

const load = async (): Promise<void> => {
  keys.value = await client.keys();
};

export function KeysCard(): JSX.Element {
  const isMaking = useSignal(false);
  const revoked = useSignal<Key | undefined>(undefined);
  const newest = requests.value?.[0]?.id;
  useEffect(() => {
    attempt(load);
  }, [newest]);
  const good = (keys.value ?? []).filter(({ revoked_at }) => revoked_at === null);
  return (
    <section class="card wide-card" aria-labelledby="keys">
      <div class="card-head">
        <h2 id="keys">Keys</h2>
        <p class="hint">A key for an account sees that account up to its clock, and nothing else.</p>
        <button
          type="button"
          class="button"
          disabled={account.value === undefined}
          onClick={() => {
            isMaking.value = true;
          }}
        >
          <Icon name="plus" />
          New key
        </button>
      </div>
      <KeyTable
        keys={good}
        onRevoke={(key) => {
          revoked.value = key;
        }}
      />
      {isMaking.value ? (
        <NewKeyDialog
          onClose={() => {
            isMaking.value = false;
            attempt(load);
          }}
        />
      ) : null}
      {revoked.value === undefined ? null : (
        <RevokeDialog
          secretOf={revoked.value}
          onClose={() => {
            revoked.value = undefined;
          }}
        />
      )}
    </section>
  );
}

interface TableParts {
  readonly keys: readonly Key[];
  readonly onRevoke: (key: Key) => void;
}

function KeyTable({ keys: good, onRevoke }: TableParts): JSX.Element {
  const published = developmentKey.value;
  if (good.length === 0 && published === undefined)
    return <p class="hint nothing">No keys yet. “New key” makes one for the account that is chosen above.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of keys">
      <table>
        <thead>
          <tr>
            <th>Label</th>
            <th>Key id</th>
            <th>May use</th>
            <th>Made</th>
            <th>Last used</th>
            <th>
              <span class="visually-hidden">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {published === undefined ? null : (
            <tr>
              <th scope="row">Development key</th>
              <td>
                <code>{published.id}</code>
              </td>
              <td class="nowrap">everything, from this machine only</td>
              <td class="quiet">{NOTHING}</td>
              <td class="quiet">{NOTHING}</td>
              <td />
            </tr>
          )}
          {good.map((key) => (
            <KeyRow key={key.id} shown={key} onRevoke={onRevoke} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Characters of a label that fit. */
const NAME_SHOWN = 48;

function KeyRow({ shown, onRevoke }: { readonly shown: Key; readonly onRevoke: (key: Key) => void }): JSX.Element {
  const { id, name, created_at, last_used_at, account_id } = shown;
  return (
    <tr>
      <th scope="row">{name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}…` : name}</th>
      <td>
        <code>{id}</code>
      </td>
      <td class="nowrap">{boundTo(shown)}</td>
      <td class="nowrap">{momentText(Date.parse(created_at), "local")}</td>
      <td class="nowrap">
        {last_used_at === null ? "not since the start" : momentText(Date.parse(last_used_at), "local")}
      </td>
      <td class="number">
        {account_id === null ? (
          <code class="quiet">tapedeck keys revoke</code>
        ) : (
          <button
            type="button"
            class="button bare danger"
            aria-label={`Revoke ${name}`}
            title="Revoke…"
            onClick={() => {
              onRevoke(shown);
            }}
          >
            <Icon name="trash" />
          </button>
        )}
      </td>
    </tr>
  );
}

function boundTo({ scope, session_id }: Key): string {
  if (scope === "owner") return "everything that is yours";
  const found = sessions.value?.find(({ id }) => id === session_id);
  const where = found === undefined ? `session ${session_id?.slice(0, 8) ?? ""}` : titleOf(found);
  return scope === "session" ? `${where}: its account and its clock` : `${where}: its account`;
}

function RevokeDialog({ secretOf, onClose }: { readonly secretOf: Key; readonly onClose: () => void }): JSX.Element {
  const revoke = async (): Promise<void> => {
    onClose();
    await client.revokeKey(secretOf.account_id ?? "", secretOf.id);
    freshKeys.value = freshKeys.value.filter(({ id }) => id !== secretOf.id);
    say(`${secretOf.name} is revoked`);
    await load();
  };
  return (
    <Dialog title="Revoke the key" class="narrow" onClose={onClose}>
      <div class="dialog-body">
        <p>
          Whoever uses <strong>{secretOf.name}</strong> (<code>{secretOf.id}</code>) is refused from now on. This cannot
          be undone; orders that it has placed stay.
        </p>
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          Keep
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            attempt(revoke);
          }}
        >
          Revoke
        </button>
      </div>
    </Dialog>
  );
}
