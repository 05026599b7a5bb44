/** Deleting sessions: says what goes, and asks for the name where there have been fills. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { Session } from "../api/types.ts";
import { counted, quantity } from "../format/numbers.ts";
import { Dialog } from "../parts/dialog.tsx";
import { complain, say } from "../shell/toasts.tsx";
import { titleOf } from "./session-facts.ts";
import { performances, refresh } from "./session-list.ts";

export interface DeleteParts {
  readonly sessions: readonly Session[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function DeleteDialog({ sessions, onClose, onDone }: DeleteParts): JSX.Element {
  const typed = useSignal("");
  const isBusy = useSignal(false);
  const fills = sessions.reduce((sum, { id }) => sum + (performances.value.get(id)?.fills ?? 0), 0);
  const [first] = sessions;
  const word = first === undefined || sessions.length > 1 ? String(sessions.length) : titleOf(first);
  const isSure = fills === 0 || typed.value.trim() === word;
  const run = async (): Promise<void> => {
    isBusy.value = true;
    try {
      for (const { id } of sessions) await client.deleteSession(id);
      say(`${counted(sessions.length, "session")} deleted`);
      onDone();
    } catch (error) {
      complain(error);
    }
    onClose();
    await refresh();
  };
  return (
    <Dialog title={`Delete ${counted(sessions.length, "session")}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) void run();
        }}
      >
        <div class="dialog-body">
          <Consequences sessions={sessions} />
          {fills === 0 ? null : (
            <div class="labelled">
              <label for="delete-word">
                Type <code>{word}</code> to delete {counted(fills, "fill")}
              </label>
              <input
                id="delete-word"
                class="field"
                autocomplete="off"
                spellcheck={false}
                value={typed.value}
                onInput={(event) => {
                  typed.value = event.currentTarget.value;
                }}
              />
            </div>
          )}
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Keep
          </button>
          <button class="button danger" disabled={!isSure || isBusy.value}>
            Delete
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Consequences({ sessions }: { readonly sessions: readonly Session[] }): JSX.Element {
  return (
    <>
      <p>
        The journal, its accounts and the keys made for them go. This cannot be undone. Bars stay, and so does every
        other session.
      </p>
      <table>
        <thead>
          <tr>
            <th>Session</th>
            <th class="number">Orders</th>
            <th class="number">Fills</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <td>{titleOf(session)}</td>
              <td class="number">{quantity(performances.value.get(session.id)?.orders)}</td>
              <td class="number">{quantity(performances.value.get(session.id)?.fills)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
