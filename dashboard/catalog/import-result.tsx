/** What an import has done: rows taken, added and refused, or why nothing was taken. */
import type { JSX } from "preact";
import type { DataImport } from "../api/connect-types.ts";
import { counted, quantity } from "../format/numbers.ts";
import { symbolPath } from "../routing/routes.ts";

type Report = NonNullable<DataImport["report"]>;

export function ImportResult({ job }: { readonly job: DataImport }): JSX.Element {
  const { report, error } = job;
  if (report === null)
    return (
      <div class="import-body">
        <p class="notice bad" role="alert">
          {error === null ? "It was ended; nothing of it was imported." : `${error.message} (${error.code})`}
        </p>
      </div>
    );
  return (
    <div class="import-body">
      <p>
        ✓ {counted(report.rows_added, "bar")} added
        {report.unchanged ? ": the catalog had everything already" : ""}; {quantity(report.rows_read)} read,{" "}
        {quantity(report.rows_refused)} refused. {report.format}, {report.timeframe}.
      </p>
      <p>
        {report.series.slice(0, SERIES_SHOWN).map(({ symbol, timeframe, rows }) => (
          <a key={`${symbol} ${timeframe}`} class="chip" href={symbolPath(symbol)}>
            {symbol}{" "}
            <span class="hint">
              {timeframe} · {quantity(rows)}
            </span>
          </a>
        ))}
        {report.series.length > SERIES_SHOWN ? ` and ${report.series.length - SERIES_SHOWN} more` : ""}
      </p>
      {report.sample_replaced.length === 0 ? null : (
        <p class="hint">In place of the built-in sample: {report.sample_replaced.join(", ")}.</p>
      )}
      {report.warnings.length === 0 ? null : (
        <p class="hint">
          To look at: {report.warnings.map(({ check, count }) => `${check} (${quantity(count)})`).join(", ")}
        </p>
      )}
      <Refused report={report} />
    </div>
  );
}

const SERIES_SHOWN = 20;

function Refused({ report }: { readonly report: Report }): JSX.Element | null {
  if (report.rows_refused === 0) return null;
  return (
    <details>
      <summary>
        {counted(report.rows_refused, "refused row")}:{" "}
        {report.reasons.map(({ reason, rows }) => `${reason} (${quantity(rows)})`).join(", ")}
      </summary>
      <div class="scroll refused" tabIndex={0} role="region" aria-label="Refused rows">
        <table>
          <thead>
            <tr>
              <th class="number">Line</th>
              <th>Reason</th>
              <th>What is wrong</th>
            </tr>
          </thead>
          <tbody>
            {report.refused.map(({ line, reason, message }) => (
              <tr key={`${line} ${reason}`}>
                <td class="number">{quantity(line)}</td>
                <td>
                  <code>{reason}</code>
                </td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
