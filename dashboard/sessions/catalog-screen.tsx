/** What bars there are, from when to when, and what is missing. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { Coverage } from "../api/types.ts";
import { NOTHING, quantity } from "../format/numbers.ts";
import { dayText } from "../format/times.ts";
import { attempt } from "../shell/toasts.tsx";

export function CatalogScreen(): JSX.Element {
  const found = useSignal<readonly Coverage[] | undefined>(undefined);
  useEffect(() => {
    attempt(async () => {
      found.value = await client.coverage();
    });
  }, []);
  return (
    <>
      <div class="page-head">
        <h1>
          Data <small>{found.value?.length ?? ""}</small>
        </h1>
        <p class="hint">
          <code>tapedeck data import FILE</code> brings more.
        </p>
      </div>
      <div class="card sessions">
        {found.value?.length === 0 ? (
          <div class="empty">
            <h2>Nothing to replay yet</h2>
            <p>
              Import bars with <code>tapedeck data import</code>, or start the server with its sample.
            </p>
          </div>
        ) : (
          <CoverageTable coverage={found.value ?? []} />
        )}
      </div>
    </>
  );
}

function CoverageTable({ coverage }: { readonly coverage: readonly Coverage[] }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Series of bars">
      <table>
        <thead>
          <tr>
            <th>Symbol</th>
            <th>Bars</th>
            <th>From</th>
            <th>To</th>
            <th class="number">Rows</th>
            <th class="number">Days</th>
            <th class="number">Partial</th>
            <th class="number">Missing</th>
            <th>Prices</th>
            <th>Hash</th>
          </tr>
        </thead>
        <tbody>
          {coverage.map((series) => (
            <tr key={`${series.symbol} ${series.timeframe}`}>
              <th scope="row" class="name">
                <strong>{series.symbol}</strong>
                <span class="remark quiet">{series.name}</span>
              </th>
              <td>{series.timeframe}</td>
              <td class="nowrap">{dayText(Date.parse(series.from))}</td>
              <td class="nowrap">{dayText(Date.parse(series.to) - 1)}</td>
              <td class="number">{quantity(series.rows)}</td>
              <td class="number">{series.days === null ? NOTHING : quantity(series.days.present)}</td>
              <td class="number">{series.days === null ? NOTHING : quantity(series.days.partial)}</td>
              <td class="number">{series.days === null ? NOTHING : quantity(series.days.missing)}</td>
              <td>{series.synthetic ? "synthetic" : series.adjusted ? "adjusted" : "raw"}</td>
              <td>
                <code title={series.hash ?? NOTHING}>{series.hash?.slice(0, 8) ?? NOTHING}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
