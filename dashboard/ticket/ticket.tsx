/** The order ticket: nothing is sent before its cost was seen, and what the server refuses stands under its field. */
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import { ApiError, wordsOf } from "../api/errors.ts";
import type { OrderPreview } from "../api/order-types.ts";
import { Dialog } from "../parts/dialog.tsx";
import { say } from "../shell/toasts.tsx";
import type { SessionStore } from "../store/session-store.ts";
import { bodyOf, emptyDraft, fieldOf, type TicketDraft, type TicketField } from "./ticket-draft.ts";
import { ClassAndHours, Sides, SymbolAndSize, TypeAndTime } from "./ticket-main.tsx";
import { ClassFields, PriceFields } from "./ticket-prices.tsx";
import { Review } from "./ticket-review.tsx";

export interface TicketParts {
  readonly store: SessionStore;
  readonly account: string;
  readonly side: TicketDraft["side"];
  readonly symbol: string;
  readonly symbols: readonly string[];
  readonly onClose: () => void;
}

interface Problem {
  readonly field: TicketField | undefined;
  readonly words: string;
}

type Writing = ReturnType<typeof startWriting>;

/** An order that is written: `go` asks what it would do, and then sends it. */
function startWriting({ store, account, side, symbol, onClose }: TicketParts) {
  const draft = signal(emptyDraft(side, symbol));
  const preview = signal<OrderPreview | undefined>(undefined);
  const problem = signal<Problem | undefined>(undefined);
  const isBusy = signal(false);
  const ask = async (): Promise<void> => {
    const found = await client.previewOrder(store.id, account, bodyOf(draft.value));
    if (found.refusal === null) preview.value = found;
    else problem.value = problemOf(found.refusal.message, found.refusal.code);
  };
  const send = async (): Promise<void> => {
    const { symbol: of, side: way } = await client.placeOrder(store.id, account, bodyOf(draft.value));
    say(`${way === "buy" ? "Buy" : "Sell"} order of ${of} sent`);
    store.refresh();
    onClose();
  };
  const go = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await (preview.value === undefined ? ask() : send());
    } catch (error) {
      problem.value =
        error instanceof ApiError ? problemOf(error.message, error.code) : { field: undefined, words: wordsOf(error) };
    }
    isBusy.value = false;
  };
  return {
    draft,
    preview,
    problem,
    isBusy,
    isJson: signal(false),
    go,
    change: (changes: Partial<TicketDraft>): void => {
      draft.value = { ...draft.value, ...changes };
      preview.value = undefined;
      problem.value = undefined;
    },
    wrong: (field: TicketField): string | undefined =>
      problem.value?.field === field ? problem.value.words : undefined,
  };
}

export function Ticket(parts: TicketParts): JSX.Element {
  const writing = useMemo(() => startWriting(parts), [parts.account]);
  const { draft, preview, problem, change, wrong, isJson, go } = writing;
  const fields = { draft: draft.value, change, wrong };
  return (
    <Dialog title="Order ticket" class="ticket" onClose={parts.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void go();
        }}
      >
        <div class="dialog-body">
          <Sides side={draft.value.side} change={change} />
          <SymbolAndSize {...fields} symbols={parts.symbols} />
          <TypeAndTime {...fields} />
          <PriceFields {...fields} />
          <ClassAndHours draft={draft.value} change={change} />
          <ClassFields {...fields} />
          {isJson.value ? <pre class="ticket-json">{JSON.stringify(bodyOf(draft.value), undefined, 2)}</pre> : null}
          {problem.value !== undefined && problem.value.field === undefined ? (
            <p class="problem" role="alert">
              {problem.value.words}
            </p>
          ) : null}
          {preview.value === undefined ? null : <Review preview={preview.value} draft={draft.value} />}
        </div>
        <Foot writing={writing} />
      </form>
    </Dialog>
  );
}

function Foot({ writing: { draft, preview, isBusy, isJson } }: { readonly writing: Writing }): JSX.Element {
  const { side } = draft.value;
  return (
    <div class="dialog-foot">
      <button
        type="button"
        class="button bare ticket-toggle"
        aria-pressed={isJson.value}
        onClick={() => {
          isJson.value = !isJson.value;
        }}
      >
        JSON
      </button>
      <button class="button primary" disabled={isBusy.value} aria-keyshortcuts="Control+Enter">
        {preview.value === undefined ? `Review ${side}` : `Send ${side} order`} <kbd>⌃⏎</kbd>
      </button>
    </div>
  );
}

function problemOf(message: string, code: number | undefined): Problem {
  return { field: fieldOf(message), words: code === undefined ? message : `${message} (${code})` };
}
