/** The sessions: all of them in a table, with what one does to several of them at once. */
import { computed, signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { counted } from "../format/numbers.ts";
import { Icon } from "../parts/icon.tsx";
import { attempt } from "../shell/toasts.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { NoSessions } from "./no-sessions.tsx";
import { filtered, type SessionFilter, type Standing } from "./session-facts.ts";
import { hasMore, problem, refresh, sessions, showMore, watchSessions } from "./session-list.ts";
import { SessionTable } from "./session-table.tsx";

const filter = signal<SessionFilter>({ text: "", standing: "all" });
const selection = signal<ReadonlySet<string>>(new Set());
const shown = computed(() => filtered(sessions.value ?? [], filter.value));
const chosen = computed(() => (sessions.value ?? []).filter(({ id }) => selection.value.has(id)));

export function SessionsScreen(): JSX.Element {
  useEffect(() => watchSessions(), []);
  const known = sessions.value;
  return (
    <>
      <div class="page-head">
        <h1>Sessions {known === undefined ? null : <small>{`${known.length}${hasMore.value ? "+" : ""}`}</small>}</h1>
        {known === undefined || known.length === 0 ? null : <Filters />}
        <a class="button primary" href="/new">
          <Icon name="plus" /> New session
        </a>
      </div>
      <Trouble />
      <div class="card sessions">
        {known === undefined ? <Waiting /> : known.length === 0 ? <NoSessions /> : <Listed />}
      </div>
      <SelectionBar />
    </>
  );
}

function Listed(): JSX.Element {
  if (shown.value.length === 0) {
    return (
      <div class="empty">
        <p>No session is like that{hasMore.value ? " among those that are loaded" : ""}.</p>
        <button type="button" class="button" onClick={clearFilter}>
          Show all
        </button>
      </div>
    );
  }
  return (
    <>
      <SessionTable
        sessions={shown.value}
        selected={selection.value}
        onSelect={(ids) => {
          selection.value = ids;
        }}
      />
      {hasMore.value ? (
        <button
          type="button"
          class="button bare more"
          onClick={() => {
            attempt(showMore);
          }}
        >
          Show more
        </button>
      ) : null}
    </>
  );
}

function clearFilter(): void {
  filter.value = { text: "", standing: "all" };
}

const STANDINGS: readonly (readonly [Standing | "all", string])[] = [
  ["all", "Any state"],
  ["playing", "Playing"],
  ["paused", "Paused"],
  ["finished", "Finished"],
  ["failed", "Failed"],
];

function Filters(): JSX.Element {
  return (
    <div class="filters" role="search">
      <input
        type="search"
        class="field"
        placeholder="Search name or id"
        aria-label="Search sessions by name or id"
        value={filter.value.text}
        onInput={(event) => {
          filter.value = { ...filter.value, text: event.currentTarget.value };
        }}
      />
      <select
        class="field"
        aria-label="State"
        value={filter.value.standing}
        onChange={(event) => {
          filter.value = { ...filter.value, standing: event.currentTarget.value as Standing | "all" };
        }}
      >
        {STANDINGS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Trouble(): JSX.Element | null {
  if (problem.value === undefined) return null;
  return (
    <div class="notice bad" role="alert">
      {problem.value}
      <button type="button" class="button" onClick={() => void refresh()}>
        Try again
      </button>
    </div>
  );
}

function Waiting(): JSX.Element {
  return (
    <div class="waiting" aria-busy="true">
      <span class="visually-hidden">Loading the sessions</span>
      {[0, 1, 2].map((row) => (
        <div key={row} class="skeleton" />
      ))}
    </div>
  );
}

function SelectionBar(): JSX.Element | null {
  const isDeleting = useSignal(false);
  const clear = (): void => {
    selection.value = new Set();
  };
  if (chosen.value.length === 0) return null;
  return (
    <div class="card selection-bar" role="region" aria-label="Selection">
      <span>{counted(chosen.value.length, "session")} selected</span>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          isDeleting.value = true;
        }}
      >
        <Icon name="trash" /> Delete…
      </button>
      <button type="button" class="button bare" onClick={clear}>
        Clear
      </button>
      {isDeleting.value ? (
        <DeleteDialog
          sessions={chosen.value}
          onClose={() => {
            isDeleting.value = false;
          }}
          onDone={clear}
        />
      ) : null}
    </div>
  );
}
