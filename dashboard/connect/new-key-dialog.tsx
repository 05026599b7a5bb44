/** Making a key for the chosen account; its secret is shown this once. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { NewKey } from "../api/connect-types.ts";
import { wordsOf } from "../api/errors.ts";
import { Choices } from "../parts/choices.tsx";
import { Code } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { titleOf } from "../sessions/session-facts.ts";
import { account, freshKeys, session } from "./connection.ts";

export function NewKeyDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const made = useSignal<NewKey | undefined>(undefined);
  return (
    <Dialog title={made.value === undefined ? "New key" : "Your new key"} onClose={onClose}>
      {made.value === undefined ? (
        <KeyForm
          onClose={onClose}
          onMade={(key) => {
            made.value = key;
            freshKeys.value = [...freshKeys.value, key];
          }}
        />
      ) : (
        <Secret made={made.value} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormParts {
  readonly onClose: () => void;
  readonly onMade: (key: NewKey) => void;
}

function KeyForm({ onClose, onMade }: FormParts): JSX.Element {
  const name = useSignal("bot");
  const scope = useSignal<"account" | "session">("account");
  const problem = useSignal<string | undefined>(undefined);
  const create = async (): Promise<void> => {
    const [where, whose] = [session.value?.id, account.value?.id];
    if (where === undefined || whose === undefined) return;
    try {
      onMade(await client.createKey(where, whose, { name: name.value.trim(), scope: scope.value }));
    } catch (error) {
      problem.value = wordsOf(error);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <div class="dialog-body">
        <p>
          For the account of <strong>{session.value === undefined ? "" : titleOf(session.value)}</strong>; it ends with
          its session.
        </p>
        <div class="labelled">
          <label for="key-name">Label</label>
          <input
            id="key-name"
            class="field"
            autocomplete="off"
            required
            maxLength={256}
            value={name.value}
            aria-invalid={problem.value !== undefined}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
          {problem.value === undefined ? null : (
            <p class="problem" role="alert">
              {problem.value}
            </p>
          )}
        </div>
        <Choices
          legend="It may"
          options={[
            ["account", "trade"],
            ["session", "trade and move the clock"],
          ]}
          value={scope.value}
          onChoose={(value) => {
            scope.value = value;
          }}
        />
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button class="button primary" disabled={name.value.trim() === ""}>
          Make the key
        </button>
      </div>
    </form>
  );
}

function Secret({ made, onClose }: { readonly made: NewKey; readonly onClose: () => void }): JSX.Element {
  const text = `APCA_API_KEY_ID=${made.id}\nAPCA_API_SECRET_KEY=${made.secret}`;
  return (
    <>
      <div class="dialog-body">
        <p class="notice">The secret is shown this once. The snippets have it too until you leave this page.</p>
        <Code label="Key and secret" languages={[["variables", "Key and secret"]]} text={() => text} />
      </div>
      <div class="dialog-foot">
        <button type="button" class="button primary" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </>
  );
}
