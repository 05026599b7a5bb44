/** A file before its import: its first rows as they would be taken, and what only the reader can know. */
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { client } from "../api/access.ts";
import type { DataImport, ImportPreview } from "../api/connect-types.ts";
import { complain } from "../shell/toasts.tsx";
import { ColumnFields } from "./column-fields.tsx";
import { start } from "./import-queue.ts";
import { EMPTY_DRAFT, optionsOf, type Draft } from "./mapping.ts";
import { PreviewRows } from "./preview-rows.tsx";

/** Milliseconds after the last key before the server is asked anew. */
const PAUSE_MS = 250;

export function ImportForm({ job }: { readonly job: DataImport }): JSX.Element {
  const draft = useSignal<Draft>(EMPTY_DRAFT);
  const preview = useSignal<ImportPreview | undefined>(undefined);
  const change = (changes: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...changes };
  };
  const asked = draft.value;
  useEffect(() => {
    let isOld = false;
    const ask = async (): Promise<void> => {
      const found = await client.previewImport(job.id, optionsOf(asked, preview.value));
      if (!isOld) preview.value = found;
    };
    const timer = setTimeout(() => void ask().catch(complain), preview.value === undefined ? 0 : PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [job.id, asked]);
  const seen = preview.value;
  if (seen === undefined) return <div class="skeleton preview-space" />;
  return (
    <form
      class="import-body"
      onSubmit={(event) => {
        event.preventDefault();
        start(job.id, optionsOf(asked, seen)).catch(complain);
      }}
    >
      <Fields draft={asked} preview={seen} onChange={change} />
      <ColumnFields draft={asked} preview={seen} onChange={change} />
      <PreviewRows preview={seen} />
      <div class="import-foot">
        <button class="button primary" disabled={seen.problem !== null || seen.rows.length === 0}>
          Import
        </button>
        <p class="hint">All of the file or nothing; rows that cannot be right are refused and listed.</p>
      </div>
    </form>
  );
}

const TIMEFRAMES = ["1Min", "5Min", "15Min", "30Min", "1Hour", "1Day"] as const;
const ZONES = ["America/New_York", "UTC", "America/Chicago", "Europe/London"] as const;

interface FieldParts {
  readonly draft: Draft;
  readonly preview: ImportPreview;
  readonly onChange: (changes: Partial<Draft>) => void;
}

function Fields({ draft, preview, onChange }: FieldParts): JSX.Element {
  const found = preview.rows[0]?.symbol;
  return (
    <div class="import-fields">
      <p class="labelled">
        <span class="label">Format</span>
        <output class="fact">{preview.format ?? "unknown"}</output>
      </p>
      <Labelled label="Symbol">
        {(id) => (
          <input
            id={id}
            class="field"
            autocomplete="off"
            spellcheck={false}
            placeholder={found ?? "none found"}
            value={draft.symbol}
            onInput={(event) => {
              onChange({ symbol: event.currentTarget.value });
            }}
          />
        )}
      </Labelled>
      <Select
        label="Bars"
        value={draft.timeframe}
        options={[["", preview.timeframe ?? "as the rows tell"], ...TIMEFRAMES.map((name) => [name, name] as const)]}
        onChoose={(timeframe) => {
          onChange({ timeframe });
        }}
      />
      <Select
        label="Time zone"
        value={draft.timezone}
        options={[["", "as the file says"], ...ZONES.map((name) => [name, name] as const)]}
        onChoose={(timezone) => {
          onChange({ timezone });
        }}
      />
      <Select
        label="Days that contradict"
        value={draft.onConflict}
        options={[
          ["fail", "refuse the file"],
          ["keep", "stay as they are"],
          ["replace", "are replaced"],
        ]}
        onChoose={(value) => {
          onChange({ onConflict: value as Draft["onConflict"] });
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={draft.isAdjusted}
          onChange={(event) => {
            onChange({ isAdjusted: event.currentTarget.checked });
          }}
        />
        Prices are adjusted
      </label>
    </div>
  );
}

interface SelectParts {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose: (value: string) => void;
}

function Select({ label, value, options, onChoose }: SelectParts): JSX.Element {
  return (
    <Labelled label={label}>
      {(id) => (
        <select
          id={id}
          class="field"
          value={value}
          onChange={(event) => {
            onChoose(event.currentTarget.value);
          }}
        >
          {options.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface LabelledParts {
  readonly label: string;
  readonly children: (id: string) => ComponentChildren;
}

function Labelled({ label, children }: LabelledParts): JSX.Element {
  const id = useId();
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}
