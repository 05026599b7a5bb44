/** What bars there are, from when to when, what is missing; and bringing in more. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { Coverage } from "../api/types.ts";
import { NOTHING, quantity } from "../format/numbers.ts";
import { dayText } from "../format/times.ts";
import { symbolPath } from "../routing/routes.ts";
import { attempt } from "../shell/toasts.tsx";
import { DropZone } from "./drop-zone.tsx";
import { changes } from "./import-queue.ts";
import { SpanStrip } from "./span-strip.tsx";

export function CatalogScreen(): JSX.Element {
  const found = useSignal<readonly Coverage[] | undefined>(undefined);
  const text = useSignal("");
  const asked = changes.value;
  useEffect(() => {
    attempt(async () => {
      found.value = await client.coverage();
    });
  }, [asked]);
  const all = found.value ?? [];
  const shown = all.filter(({ symbol, name }) => `${symbol} ${name}`.toLowerCase().includes(text.value.toLowerCase()));
  return (
    <>
      <div class="page-head filters">
        <h1>
          Data <small>{found.value?.length ?? ""}</small>
        </h1>
        <input
          type="search"
          class="field"
          aria-label="Search symbols by ticker or name"
          placeholder="Search…"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </div>
      <DropZone />
      <div class="card sessions">
        {found.value === undefined ? (
          <div class="skeleton preview-space" />
        ) : all.length === 0 ? (
          <Nothing />
        ) : shown.length === 0 ? (
          <p class="hint nothing">No symbol is like that.</p>
        ) : (
          <CoverageTable all={all} shown={shown} />
        )}
      </div>
    </>
  );
}

function Nothing(): JSX.Element {
  return (
    <div class="empty">
      <h2>Nothing to replay yet</h2>
      <p>
        Drop files of bars above, or in a terminal: <code>tapedeck data import FILE</code>. Started without{" "}
        <code>--no-sample</code>, the server has a sample of nine symbols.
      </p>
    </div>
  );
}

/** More rows than that are found by searching. */
const ROWS_MAX = 500;

interface TableParts {
  readonly all: readonly Coverage[];
  readonly shown: readonly Coverage[];
}

function CoverageTable({ all, shown }: TableParts): JSX.Element {
  const from = Math.min(...all.map((series) => Date.parse(series.from)));
  const to = Math.max(...all.map((series) => Date.parse(series.to)));
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Series of bars">
        <table class="coverage-table">
          <thead>
            <tr>
              <th>Symbol</th>
              <th>Bars</th>
              <th>From</th>
              <th>To</th>
              <th>Span</th>
              <th class="number">Rows</th>
              <th class="number">Days</th>
              <th class="number">Gaps</th>
              <th>Prices</th>
              <th>Source</th>
              <th>Hash</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, ROWS_MAX).map((series) => (
              <Row key={`${series.symbol} ${series.timeframe}`} series={series} from={from} to={to} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length > ROWS_MAX ? (
        <p class="hint nothing">
          The first {ROWS_MAX} of {quantity(shown.length)}; search for the others.
        </p>
      ) : null}
    </>
  );
}

interface RowParts {
  readonly series: Coverage;
  readonly from: number;
  readonly to: number;
}

function Row({ series, from, to }: RowParts): JSX.Element {
  const { symbol, name, timeframe, rows, days, adjusted, synthetic, source, hash } = series;
  const [start, end] = [Date.parse(series.from), Date.parse(series.to)];
  return (
    <tr>
      <th scope="row" class="name">
        <a href={symbolPath(symbol)}>{symbol}</a>
        <span class="remark quiet">{name}</span>
      </th>
      <td>{timeframe}</td>
      <td class="nowrap">{dayText(start)}</td>
      <td class="nowrap">{dayText(end - 1)}</td>
      <td>
        <SpanStrip from={(start - from) / (to - from)} to={(end - from) / (to - from)} />
      </td>
      <td class="number">{quantity(rows)}</td>
      <td class="number">{days === null ? NOTHING : quantity(days.present)}</td>
      <td class="number nowrap">{gapsOf(days)}</td>
      <td>{synthetic ? "synthetic" : adjusted ? "adjusted" : "raw"}</td>
      <td class="quiet">
        <span class="source" title={source ?? NOTHING}>
          {source ?? NOTHING}
        </span>
      </td>
      <td>
        <code title={hash ?? NOTHING}>{hash?.slice(0, 8) ?? NOTHING}</code>
      </td>
    </tr>
  );
}

/** "none", or what is wanting. */
function gapsOf(days: Coverage["days"]): string {
  if (days === null) return NOTHING;
  const { missing, partial } = days;
  if (missing + partial === 0) return "none";
  return [missing > 0 ? `${quantity(missing)} missing` : "", partial > 0 ? `${quantity(partial)} partial` : ""]
    .filter((text) => text !== "")
    .join(", ");
}
