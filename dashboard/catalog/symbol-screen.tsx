/** One symbol: its series, each year's days, where the bars came from, and removing them. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { SymbolData } from "../api/connect-types.ts";
import { wordsOf } from "../api/errors.ts";
import { counted, quantity } from "../format/numbers.ts";
import { dayText, exchangeDate } from "../format/times.ts";
import { Icon } from "../parts/icon.tsx";
import { yearStrips, type YearStrip } from "./day-strip.ts";
import { RemoveDialog } from "./remove-dialog.tsx";

type Series = SymbolData["series"][number];

export function SymbolScreen({ symbol }: { readonly symbol: string }): JSX.Element {
  const found = useSignal<SymbolData | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const load = async (): Promise<void> => {
      found.value = await client.symbolData(symbol);
    };
    load().catch((error: unknown) => {
      problem.value = wordsOf(error);
    });
  }, [symbol]);
  const shown = found.value;
  return (
    <>
      <div class="page-head">
        <a class="button bare" href="/data" aria-label="To all data" title="To all data">
          <Icon name="back" />
        </a>
        <h1>
          {symbol} <small>{shown !== undefined && shown.name !== symbol ? shown.name : ""}</small>
        </h1>
        {shown === undefined ? null : <Removal shown={shown} />}
      </div>
      {problem.value === undefined ? null : (
        <p class="notice bad" role="alert">
          {problem.value}
        </p>
      )}
      {shown === undefined && problem.value === undefined ? <div class="card skeleton preview-space" /> : null}
      {shown?.series.map((series) => (
        <SeriesCard key={series.timeframe} symbol={symbol} series={series} />
      ))}
      {shown === undefined ? null : <Actions shown={shown} />}
    </>
  );
}

/** The built-in sample cannot be removed. */
function Removal({ shown }: { readonly shown: SymbolData }): JSX.Element | null {
  const isAsking = useSignal(false);
  if (shown.series.every(({ synthetic }) => synthetic)) return null;
  return (
    <>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        Remove…
      </button>
      {isAsking.value ? (
        <RemoveDialog
          shown={shown}
          onClose={() => {
            isAsking.value = false;
          }}
        />
      ) : null}
    </>
  );
}

function Actions({ shown: { symbol, actions } }: { readonly shown: SymbolData }): JSX.Element {
  return (
    <p class="hint">
      {actions === 0 ? "No corporate actions are known of it." : `${counted(actions, "corporate action")} known of it.`}{" "}
      In a terminal: <code>tapedeck data show {symbol}</code>
    </p>
  );
}

function SeriesCard({ symbol, series }: { readonly symbol: string; readonly series: Series }): JSX.Element {
  const { timeframe, from, to, rows, days, adjusted, synthetic, source, hash, damages } = series;
  const facts: readonly (readonly [string, string])[] = [
    ["From", dayText(Date.parse(from))],
    ["To", dayText(Date.parse(to) - 1)],
    ["Rows", quantity(rows)],
    ["Prices", synthetic ? "synthetic" : adjusted ? "adjusted" : "raw"],
    ["Source", source],
  ];
  return (
    <section class="card series" aria-label={`${symbol} ${timeframe}`}>
      <div class="card-head">
        <h2>{timeframe}</h2>
        <p class="hint">
          {days === null
            ? "it trades every day"
            : `${counted(days.present, "day")}, ${quantity(days.partial)} partial, ${quantity(days.missing)} missing`}
        </p>
      </div>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Hash</dt>
          <dd>
            <code title={hash}>{hash.slice(0, 16)}</code>
          </dd>
        </div>
      </dl>
      {damages.map((damage) => (
        <p key={damage} class="notice bad" role="alert">
          {damage}
        </p>
      ))}
      {days === null ? null : <Years series={series} />}
    </section>
  );
}

function Years({ series }: { readonly series: Series }): JSX.Element {
  const strips = useSignal<readonly YearStrip[] | undefined>(undefined);
  const [first, last] = [exchangeDate(Date.parse(series.from)), exchangeDate(Date.parse(series.to) - 1)];
  useEffect(() => {
    const load = async (): Promise<void> => {
      const calendar = await client.calendar(`${first.slice(0, 4)}-01-01`, `${last.slice(0, 4)}-12-31`);
      strips.value = yearStrips({
        tradingDays: calendar.map(({ date }) => date),
        from: first,
        to: last,
        partial: new Set(series.partial_days.map(({ date }) => date)),
        missing: new Set(series.missing_days),
      }).toReversed();
    };
    load().catch(() => {
      strips.value = [];
    });
  }, [series]);
  return (
    <div class="years">
      {strips.value?.map((strip) => (
        <Year key={strip.year} strip={strip} />
      ))}
      <p class="strip-legend hint" aria-hidden="true">
        <span data-state="there">there</span>
        <span data-state="partial">partial</span>
        <span data-state="missing">missing</span>
      </p>
    </div>
  );
}

/** Missing days are tall and partial ones half: they can be told without colour. */
const HEIGHTS = { there: [4, 12], partial: [10, 6], missing: [0, 20] } as const;

function Year({ strip: { year, length, runs, words } }: { readonly strip: YearStrip }): JSX.Element {
  return (
    <div class="year">
      <strong>{year}</strong>
      <svg viewBox={`0 0 ${length} 20`} preserveAspectRatio="none" role="img" aria-label={`${year}: ${words}`}>
        <rect class="ground" y="9" width={length} height="2" />
        {runs.map(({ state, at, length: days }) => (
          <rect key={at} class={state} x={at} y={HEIGHTS[state][0]} width={days} height={HEIGHTS[state][1]} />
        ))}
      </svg>
      <span class="hint">{words}</span>
    </div>
  );
}
