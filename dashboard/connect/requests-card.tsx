/** What clients have asked lately: method, path, status, milliseconds and key. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { LoggedRequest } from "../api/connect-types.ts";
import { NOTHING } from "../format/numbers.ts";
import { timeText } from "../format/times.ts";
import { settings } from "../settings/settings.ts";
import { account } from "./connection.ts";
import { isOf, requests, ROWS_SHOWN } from "./request-watch.ts";

export function RequestsCard(): JSX.Element {
  const isOwnOnly = useSignal(false);
  const id = account.value?.id;
  const all = requests.value ?? [];
  const rows = isOwnOnly.value && id !== undefined ? all.filter((request) => isOf(id, request)) : all;
  return (
    <section class="card wide-card" aria-labelledby="requests">
      <div class="card-head">
        <h2 id="requests">Requests</h2>
        <p class="hint">The newest {ROWS_SHOWN} of your keys; this page’s own are left out.</p>
        <label class="check">
          <input
            type="checkbox"
            checked={isOwnOnly.value}
            onChange={(event) => {
              isOwnOnly.value = event.currentTarget.checked;
            }}
          />
          This account only
        </label>
      </div>
      {rows.length === 0 ? (
        <p class="hint nothing">
          {requests.value === undefined ? "Asking…" : "No requests yet. Run one of the snippets above."}
        </p>
      ) : (
        <div class="scroll requests" tabIndex={0} role="region" aria-label="Newest requests">
          <table>
            <thead>
              <tr>
                <th>Time</th>
                <th>Method</th>
                <th>Path</th>
                <th class="number">Status</th>
                <th class="number">ms</th>
                <th>Key</th>
                <th>Client</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((request) => (
                <Row key={request.id} request={request} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** An id is known by its beginning; the whole path is its title. */
const LONG_ID = /([0-9a-f]{8})-[0-9a-f-]{27}/g;

function Row({ request }: { readonly request: LoggedRequest }): JSX.Element {
  const { at, method, path, status, ms, key_id, agent } = request;
  const zone = settings.value.zone === "utc" ? "utc" : "local";
  return (
    <tr>
      <td class="nowrap" title={at}>
        {timeText(Date.parse(at), zone, true)}
      </td>
      <td>
        <code>{method}</code>
      </td>
      <td>
        <code class="path" title={path}>
          {path.replace(LONG_ID, "$1…")}
        </code>
      </td>
      <td class={`number ${status < 400 ? "" : "problem"}`}>{status < 400 ? status : `✕ ${status}`}</td>
      <td class="number">{ms.toFixed(1)}</td>
      <td>
        <code>{key_id}</code>
      </td>
      <td class="quiet nowrap">{agent ?? NOTHING}</td>
    </tr>
  );
}
