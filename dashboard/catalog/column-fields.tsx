/** Which column holds what: a row of selects under the names of the file's header. */
import type { JSX } from "preact";
import type { ImportPreview } from "../api/connect-types.ts";
import { canBeMapped, rolesOf, ROLES, type Draft } from "./mapping.ts";

export interface ColumnParts {
  readonly draft: Draft;
  readonly preview: ImportPreview;
  readonly onChange: (changes: Partial<Draft>) => void;
}

export function ColumnFields({ draft, preview, onChange }: ColumnParts): JSX.Element | null {
  if (!canBeMapped(preview)) return null;
  const roles = rolesOf(draft, preview);
  return (
    <fieldset>
      <legend>Columns</legend>
      <div class="columns">
        {preview.columns.map(({ name }, index) => (
          <label key={`${index} ${name}`} class="column">
            <code>{name === "" ? "(no name)" : name}</code>
            <select
              class="field"
              aria-label={`Column ${name}`}
              value={roles[index]}
              onChange={(event) => {
                onChange({ roles: roles.with(index, event.currentTarget.value) });
              }}
            >
              <option value="">passed over</option>
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {role}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
