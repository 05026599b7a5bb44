/** The dialog for a new session, and beside it the same request in other words. */
import { computed, signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client, developmentKey } from "../api/access.ts";
import { wordsOf } from "../api/errors.ts";
import type { Coverage } from "../api/types.ts";
import { Code } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { navigate } from "../routing/router.ts";
import { sessionPath } from "../routing/routes.ts";
import { complain } from "../shell/toasts.tsx";
import { CoveragePicker, finest } from "./coverage-picker.tsx";
import { DateFields } from "./date-fields.tsx";
import { OptionFields } from "./option-fields.tsx";
import { textOf, type Language } from "./same-request.ts";
import { EMPTY_DRAFT, fieldOf, requestOf, type Draft } from "./session-draft.ts";
import { spanOf } from "./spans.ts";

const draft = signal<Draft>(EMPTY_DRAFT);
const coverage = signal<readonly Coverage[] | undefined>(undefined);
const chosenSeries = computed(() => {
  const known = finest(coverage.value ?? []);
  const chosen = draft.value.symbols.flatMap((symbol) => known.get(symbol) ?? []);
  return chosen.length > 0 ? chosen : [...known.values()];
});

const change = (changes: Partial<Draft>): void => {
  draft.value = { ...draft.value, ...changes };
};

const LANGUAGES: readonly (readonly [Language, string])[] = [
  ["curl", "curl"],
  ["cli", "CLI"],
  ["python", "Python"],
  ["typescript", "TypeScript"],
];

/** Loads what there is, and proposes a month of it. */
async function propose(): Promise<void> {
  coverage.value = await client.coverage();
  const [first] = finest(coverage.value).values();
  if (first === undefined || draft.value.from !== "") return;
  change({ symbols: [first.symbol], ...spanOf("month", [first]) });
}

export function NewSession(): JSX.Element {
  const problem = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  useEffect(() => {
    propose().catch(complain);
  }, []);
  const create = async (isPlaying: boolean): Promise<void> => {
    isBusy.value = true;
    problem.value = undefined;
    try {
      const session = await client.createSession(requestOf(draft.value));
      if (draft.value.opensAccount) await client.openAccount(session.id);
      if (isPlaying) await client.play(session.id);
      draft.value = EMPTY_DRAFT;
      navigate(sessionPath(session.id), true);
    } catch (error) {
      problem.value = wordsOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Dialog
      title="New session"
      class="new-session"
      onClose={() => {
        navigate("/", true);
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create((event.submitter as HTMLButtonElement | null)?.value === "play");
        }}
      >
        <Fields wrong={problem.value === undefined ? undefined : fieldOf(problem.value)} />
        <Same />
        <Foot problem={problem.value} isBusy={isBusy.value} />
      </form>
    </Dialog>
  );
}

function Fields({ wrong }: { readonly wrong: string | undefined }): JSX.Element {
  const { name, symbols, from, to, cash, opensAccount } = draft.value;
  return (
    <div class="fields">
      <div class="pair">
        <div class="labelled">
          <label for="name">Name</label>
          <input
            id="name"
            autofocus
            class="field"
            autocomplete="off"
            placeholder="opening range, tighter stop"
            aria-invalid={wrong === "name"}
            value={name}
            onInput={(event) => {
              change({ name: event.currentTarget.value });
            }}
          />
        </div>
        <div class="labelled">
          <label for="cash">Starting cash in dollars</label>
          <input
            id="cash"
            class="field"
            inputMode="decimal"
            autocomplete="off"
            aria-invalid={wrong === "cash"}
            value={cash}
            onInput={(event) => {
              change({ cash: event.currentTarget.value });
            }}
          />
        </div>
      </div>
      <CoveragePicker
        coverage={coverage.value ?? []}
        chosen={symbols}
        from={Date.parse(from)}
        to={Date.parse(to) + 86_400_000}
        onChoose={(chosen) => {
          change({ symbols: chosen });
        }}
      />
      <DateFields draft={draft.value} series={chosenSeries.value} change={change} wrong={wrong} />
      <OptionFields draft={draft.value} change={change} wrong={wrong} />
      <label class="check">
        <input
          type="checkbox"
          checked={opensAccount}
          onChange={(event) => {
            change({ opensAccount: event.currentTarget.checked });
          }}
        />
        Open an account in it
      </label>
    </div>
  );
}

function Same(): JSX.Element {
  const key = developmentKey.value;
  const { opensAccount } = draft.value;
  const body = requestOf(draft.value);
  return (
    <section class="same">
      <h3>The same request</h3>
      <Code
        label="The same request"
        languages={LANGUAGES}
        text={(language) => textOf(language, { body, origin: location.origin, key, opensAccount })}
      />
    </section>
  );
}

function Foot({ problem, isBusy }: { readonly problem: string | undefined; readonly isBusy: boolean }): JSX.Element {
  return (
    <div class="dialog-foot">
      {problem === undefined ? (
        <span class="hint" />
      ) : (
        <p class="problem hint" role="alert">
          {problem}
        </p>
      )}
      <button class="button" value="play" disabled={isBusy}>
        Create and play
      </button>
      <button class="button primary" value="pause" disabled={isBusy}>
        Create paused
      </button>
    </div>
  );
}
