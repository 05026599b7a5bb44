/** Which symbols matter, and when there are bars of them: a strip each, with the chosen span on it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Coverage } from "../api/types.ts";
import { dayText } from "../format/times.ts";

/** More would be a list to search, not to look at. */
const SHOWN_MAX = 60;
const STRIPS_MAX = 6;

export interface PickerParts {
  readonly coverage: readonly Coverage[];
  readonly chosen: readonly string[];
  readonly onChoose: (symbols: readonly string[]) => void;
  readonly from: number;
  readonly to: number;
}

export function CoveragePicker({ coverage, chosen, onChoose, from, to }: PickerParts): JSX.Element {
  const query = useSignal("");
  const bySymbol = finest(coverage);
  const found = [...bySymbol.values()].filter(({ symbol, name }) =>
    `${symbol} ${name}`.toLowerCase().includes(query.value.toLowerCase()),
  );
  return (
    <fieldset class="labelled">
      <legend>Symbols and their bars</legend>
      <p class="hint">A session may trade every symbol of the catalog; these decide which dates are offered.</p>
      {bySymbol.size > 12 ? (
        <input
          type="search"
          class="field"
          aria-label="Search symbols"
          placeholder={`Search ${bySymbol.size} symbols`}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
      ) : null}
      <div class="symbols">
        {found.slice(0, SHOWN_MAX).map(({ symbol, name }) => (
          <label key={symbol} class="choice" title={name}>
            <input
              type="checkbox"
              checked={chosen.includes(symbol)}
              onChange={() => {
                onChoose(chosen.includes(symbol) ? chosen.filter((each) => each !== symbol) : [...chosen, symbol]);
              }}
            />
            <span class="button">{symbol}</span>
          </label>
        ))}
        {found.length > SHOWN_MAX ? <span class="hint">and {found.length - SHOWN_MAX} more</span> : null}
      </div>
      <Strips series={chosen.flatMap((symbol) => bySymbol.get(symbol) ?? [])} from={from} to={to} />
    </fieldset>
  );
}

/** The finest bars of each symbol, which is what a session replays. */
export function finest(coverage: readonly Coverage[]): ReadonlyMap<string, Coverage> {
  const found = new Map<string, Coverage>();
  for (const series of coverage) if (!found.has(series.symbol)) found.set(series.symbol, series);
  return found;
}

interface StripsParts {
  readonly series: readonly Coverage[];
  readonly from: number;
  readonly to: number;
}

function Strips({ series, from, to }: StripsParts): JSX.Element | null {
  if (series.length === 0) return null;
  const spans = series.map(({ from: start, to: end }) => [Date.parse(start), Date.parse(end)] as const);
  const low = Math.min(...spans.map(([start]) => start), Number.isNaN(from) ? Infinity : from);
  const high = Math.max(...spans.map(([, end]) => end), Number.isNaN(to) ? -Infinity : to);
  const x = (at: number): number => ((at - low) / Math.max(1, high - low)) * 1000;
  return (
    <div class="coverage">
      {series.slice(0, STRIPS_MAX).map((each, index) => {
        const [start = 0, end = 0] = spans[index] ?? [];
        const said = `${each.symbol}, ${each.timeframe}: ${dayText(start)} to ${dayText(end - 1)}`;
        return (
          <div key={each.symbol} class="coverage-row" title={said}>
            <span>{each.symbol}</span>
            <svg viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label={said}>
              <rect class="ground" width="1000" height="10" rx="3" />
              <rect class="there" x={x(start)} width={x(end) - x(start)} height="10" />
              {Number.isNaN(from) || Number.isNaN(to) || to <= from ? null : (
                <rect class="span" x={x(from)} y="1" width={Math.max(4, x(to) - x(from))} height="8" />
              )}
            </svg>
          </div>
        );
      })}
    </div>
  );
}
