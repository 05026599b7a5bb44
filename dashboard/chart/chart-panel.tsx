/** The chart of a symbol, which bars it shows, and the same as a table. */
import { effect, useComputed, useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import { price, quantity } from "../format/numbers.ts";
import { momentText } from "../format/times.ts";
import { settings } from "../settings/settings.ts";
import { complain } from "../shell/toasts.tsx";
import { isOpen } from "../store/session-reducer.ts";
import type { SessionStore } from "../store/session-store.ts";
import type { TradeDesk } from "../ticket/trade-desk.ts";
import { createBarFeed, type BarFeed } from "./bar-feed.ts";
import { fillMarks, type ChartBar } from "./chart-bars.ts";
import type { ChartView, OrderLine } from "./chart-view.ts";
import { TIMEFRAMES, type Timeframe } from "./timeframes.ts";

export interface ChartParts {
  readonly store: SessionStore;
  readonly timeframe: Signal<Timeframe>;
  /** Told which symbol is shown, and which there are. */
  readonly desk: Pick<TradeDesk, "symbol" | "symbols" | "chosen">;
}

export function ChartPanel({ store, timeframe, desk }: ChartParts): JSX.Element {
  const { symbols, chosen } = desk;
  const isTable = useSignal(false);
  const symbol = useComputed(
    () => chosen.value ?? store.positions.value[0]?.symbol ?? store.tape.value.fills.at(-1)?.symbol ?? symbols.value[0],
  );
  useEffect(() => {
    desk.symbol.value = symbol.value ?? "";
  }, [desk, symbol.value]);
  useEffect(() => {
    client.coverage().then((coverage) => {
      symbols.value = [...new Set(coverage.map((series) => series.symbol))];
      return symbols.value;
    }, complain);
  }, [symbols]);
  return (
    <section class="card chart" aria-label="Chart">
      <div class="chart-head">
        <select
          class="field"
          aria-label="Symbol"
          value={symbol.value}
          onChange={(event) => {
            chosen.value = event.currentTarget.value;
          }}
        >
          {symbols.value.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <Timeframes timeframe={timeframe} />
        <button
          type="button"
          class="button bare"
          aria-pressed={isTable.value}
          onClick={() => {
            isTable.value = !isTable.value;
          }}
        >
          {isTable.value ? "As a chart" : "As a table"}
        </button>
      </div>
      {symbol.value === undefined ? null : (
        <Bars
          key={`${symbol.value} ${timeframe.value}`}
          store={store}
          symbol={symbol.value}
          timeframe={timeframe.value}
          isTable={isTable.value}
        />
      )}
    </section>
  );
}

function Timeframes({ timeframe }: { readonly timeframe: Signal<Timeframe> }): JSX.Element {
  return (
    <div class="chart-times" role="group" aria-label="Timeframe">
      {(Object.keys(TIMEFRAMES) as Timeframe[]).map((each) => (
        <button
          key={each}
          type="button"
          class="button bare"
          aria-pressed={each === timeframe.value}
          onClick={() => {
            timeframe.value = each;
          }}
        >
          {TIMEFRAMES[each].label}
        </button>
      ))}
    </div>
  );
}

interface BarsParts {
  readonly store: SessionStore;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly isTable: boolean;
}

function Bars({ store, symbol, timeframe, isTable }: BarsParts): JSX.Element {
  const feed = useRef<BarFeed>(undefined);
  feed.current ??= createBarFeed(store.id, symbol, timeframe);
  const { bars, problem, isLoading, look, close } = feed.current;
  useEffect(() => {
    const stop = effect(() => {
      if (store.clock.value !== undefined) look(store.clock.value);
    });
    return () => {
      stop();
      close();
    };
  }, [store, look, close]);
  const last = bars.value.at(-1);
  return (
    <>
      <Legend symbol={symbol} bar={last} />
      {problem.value === undefined ? null : <p class="notice bad">{problem.value}</p>}
      {isTable ? <BarTable bars={bars.value} /> : <Canvas store={store} symbol={symbol} feed={feed.current} />}
      {!isLoading.value && bars.value.length === 0 ? (
        <p class="nothing quiet">No bar of {symbol} has ended yet.</p>
      ) : null}
    </>
  );
}

function Legend({ symbol, bar }: { readonly symbol: string; readonly bar: ChartBar | undefined }): JSX.Element {
  return (
    <p class="legend">
      <strong>{symbol}</strong>
      <span>O {price(bar?.open)}</span>
      <span>H {price(bar?.high)}</span>
      <span>L {price(bar?.low)}</span>
      <span>C {price(bar?.close)}</span>
      <span>V {quantity(bar?.volume)}</span>
      <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
        Charts by TradingView
      </a>
    </p>
  );
}

interface CanvasParts {
  readonly store: SessionStore;
  readonly symbol: string;
  readonly feed: BarFeed;
}

function Canvas({ store, symbol, feed }: CanvasParts): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const future = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let view: ChartView | undefined;
    let isOver = false;
    const stops: (() => void)[] = [];
    const start = async (): Promise<void> => {
      const { openChart } = await import("./chart-view.ts");
      if (isOver || element.current === null) return;
      const opened = openChart(element.current, (left, scale) => {
        placeFuture(future.current, left, scale);
      });
      view = opened;
      stops.push(...keepInStep(opened, { store, symbol, feed }));
    };
    start().catch(complain);
    return () => {
      isOver = true;
      for (const stop of stops) stop();
      view?.close();
    };
  }, [store, symbol, feed]);
  const last = feed.bars.value.at(-1);
  return (
    <div class="canvas" role="img" aria-label={`Candles of ${symbol}, the last closed at ${price(last?.close)}`}>
      <div ref={element} class="canvas-inner" />
      <div ref={future} class="future" hidden>
        <span>not yet</span>
      </div>
    </div>
  );
}

/** Redraws what has changed, and only that. */
function keepInStep(view: ChartView, { store, symbol, feed }: CanvasParts): readonly (() => void)[] {
  let isFresh = true;
  return [
    effect(() => {
      const bars = feed.bars.value;
      view.setBars(bars, isFresh);
      isFresh = isFresh && bars.length === 0;
    }),
    effect(() => {
      view.setFills(fillMarks(store.tape.value.fills, symbol, feed.bars.value));
    }),
    effect(() => {
      view.setOrders(orderLines(store, symbol));
    }),
    effect(() => {
      if (settings.value.theme !== undefined) requestAnimationFrame(view.recolour);
    }),
  ];
}

/** A line for each price of each open order of a symbol. */
function orderLines({ tape }: SessionStore, symbol: string): readonly OrderLine[] {
  return [...tape.value.orders.values()]
    .filter((order) => order.symbol === symbol && isOpen(order))
    .flatMap(({ side, qty, limit_price: limit, stop_price: stop, time_in_force: tif, status }) => {
      const line = (kind: string, at: string | null): readonly OrderLine[] =>
        at === null
          ? []
          : [{ price: Number(at), side, isHeld: status === "held", title: `${side} ${qty ?? ""} ${kind} ${tif}` }];
      return [...line("limit", limit), ...line("stop", stop)];
    });
}

/** What has not happened yet is hatched: from the last bar to the price scale. */
function placeFuture(element: HTMLElement | null, left: number, scale: number): void {
  if (element === null) return;
  element.hidden = Number.isNaN(left);
  element.style.left = `${Math.max(0, left)}px`;
  element.style.right = `${scale}px`;
}

/** Rows of the table: the last hours at a minute each would be too many to read. */
const ROWS_MAX = 60;

function BarTable({ bars }: { readonly bars: readonly ChartBar[] }): JSX.Element {
  return (
    <div class="scroll bar-table" tabIndex={0} role="region" aria-label="The newest bars">
      <table>
        <thead>
          <tr>
            <th>Time (ET)</th>
            <th class="number">Open</th>
            <th class="number">High</th>
            <th class="number">Low</th>
            <th class="number">Close</th>
            <th class="number">Volume</th>
          </tr>
        </thead>
        <tbody>
          {bars
            .slice(-ROWS_MAX)
            .toReversed()
            .map(({ at, open, high, low, close, volume }) => (
              <tr key={at}>
                <td class="nowrap">{momentText(at)}</td>
                <td class="number">{price(open)}</td>
                <td class="number">{price(high)}</td>
                <td class="number">{price(low)}</td>
                <td class="number">{price(close)}</td>
                <td class="number">{quantity(volume)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
