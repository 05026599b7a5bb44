/** The candles themselves: lightweight-charts, told what to draw. */
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  HistogramSeries,
  LineStyle,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { ChartBar, FillMark } from "./chart-bars.ts";
import { readColours, type Colours } from "./chart-colours.ts";

/** Room to the right of now, in bars: what is not yet. */
const FUTURE_BARS = 14;

export interface OrderLine {
  readonly price: number;
  readonly title: string;
  readonly side: "buy" | "sell";
  /** Held legs are dotted: they do not work yet. */
  readonly isHeld: boolean;
}

export interface ChartView {
  /** `isFresh` shows the newest bars; otherwise the reader's place is kept. */
  readonly setBars: (bars: readonly ChartBar[], isFresh: boolean) => void;
  readonly setFills: (marks: readonly FillMark[]) => void;
  readonly setOrders: (lines: readonly OrderLine[]) => void;
  /** Reads the colours anew. */
  readonly recolour: () => void;
  readonly close: () => void;
}

/** Draws into an element; `onEdge` is told, in pixels, where the unseen future begins and how wide the price scale is. */
export function openChart(element: HTMLElement, onEdge: (left: number, scale: number) => void): ChartView {
  const look = { colours: readColours() };
  const chart = createChart(element, { autoSize: true, ...lookOf(look.colours) });
  const candles = chart.addSeries(CandlestickSeries, candleLook(look.colours));
  const bars = barLayer(chart, candles, look);
  const fills = fillLayer(candles, look);
  const orders = orderLayer(candles, look);
  const tellEdge = (): void => {
    const last = bars.last();
    const x = last === undefined ? null : chart.timeScale().timeToCoordinate(last.time as UTCTimestamp);
    const half = chart.timeScale().options().barSpacing / 2;
    onEdge(x === null ? Number.NaN : x + half, chart.priceScale("right").width());
  };
  chart.timeScale().subscribeVisibleLogicalRangeChange(tellEdge);
  chart.timeScale().subscribeSizeChange(tellEdge);
  return {
    setBars: (given, isFresh) => {
      bars.set(given, isFresh);
      tellEdge();
    },
    setFills: fills.set,
    setOrders: orders.set,
    recolour: () => {
      look.colours = readColours();
      chart.applyOptions(lookOf(look.colours));
      candles.applyOptions(candleLook(look.colours));
      bars.redraw();
      fills.redraw();
      orders.redraw();
    },
    close: () => {
      chart.remove();
    },
  };
}

interface Look {
  readonly colours: Colours;
}

type Candles = ISeriesApi<"Candlestick">;

/** More new bars than these are set at once. */
const UPDATES_MAX = 500;

/** Candles, and the volume below them. */
function barLayer(chart: IChartApi, candles: Candles, look: Look) {
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    ...PLAIN,
  });
  chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  chart.priceScale("right").applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
  let drawn: readonly ChartBar[] = [];
  const redraw = (): void => {
    volume.setData(drawn.map((bar) => volumeOf(bar, look.colours)));
  };
  return {
    last: () => drawn.at(-1),
    redraw,
    set: (bars: readonly ChartBar[], isFresh: boolean): void => {
      const isNext = !isFresh && bars.length >= drawn.length && bars[0]?.time === drawn[0]?.time;
      const newer = isNext ? bars.slice(Math.max(0, drawn.length - 1)) : bars;
      drawn = bars;
      if (isNext && newer.length < UPDATES_MAX) {
        for (const bar of newer) {
          candles.update(candleOf(bar));
          volume.update(volumeOf(bar, look.colours));
        }
      } else {
        candles.setData(bars.map(candleOf));
        redraw();
      }
      if (!isFresh) return;
      chart.timeScale().applyOptions({ barSpacing: 8 });
      chart.timeScale().scrollToRealTime();
    },
  };
}

/** Arrows at the price of each fill. */
function fillLayer(candles: Candles, look: Look) {
  const markers = createSeriesMarkers<Time>(candles, []);
  let drawn: readonly FillMark[] = [];
  const set = (marks: readonly FillMark[]): void => {
    drawn = marks;
    markers.setMarkers(marks.map((mark) => markerOf(mark, look.colours)));
  };
  return {
    set,
    redraw: () => {
      set(drawn);
    },
  };
}

/** Lines at the prices of resting orders. */
function orderLayer(candles: Candles, look: Look) {
  let lines: readonly IPriceLine[] = [];
  let drawn: readonly OrderLine[] = [];
  const set = (wanted: readonly OrderLine[]): void => {
    drawn = wanted;
    for (const line of lines) candles.removePriceLine(line);
    lines = wanted.map(({ price, title, side, isHeld }) =>
      candles.createPriceLine({
        price,
        title,
        color: side === "buy" ? look.colours.up : look.colours.down,
        lineStyle: isHeld ? LineStyle.Dotted : LineStyle.Dashed,
        lineWidth: 1,
        axisLabelVisible: true,
      }),
    );
  };
  return {
    set,
    redraw: () => {
      set(drawn);
    },
  };
}

const PLAIN = { priceLineVisible: false, lastValueVisible: false } as const;

const lookOf = ({ ink, line, font, crosshair }: Colours) => ({
  layout: {
    background: { color: "transparent" },
    textColor: ink,
    fontFamily: font,
    fontSize: 11,
    attributionLogo: false,
  },
  grid: { vertLines: { color: line }, horzLines: { color: line } },
  crosshair: { mode: CrosshairMode.Normal, vertLine: { color: crosshair }, horzLine: { color: crosshair } },
  rightPriceScale: { borderColor: line },
  timeScale: {
    borderColor: line,
    timeVisible: true,
    secondsVisible: false,
    rightOffset: FUTURE_BARS,
    shiftVisibleRangeOnNewBar: true,
    minBarSpacing: 0.5,
  },
});

/** Hollow when it rose, filled when it fell: the direction can be seen without colour. */
const candleLook = ({ up, down, surface }: Colours) => ({
  upColor: surface,
  downColor: down,
  borderUpColor: up,
  borderDownColor: down,
  wickUpColor: up,
  wickDownColor: down,
  priceLineStyle: LineStyle.Dotted,
});

const candleOf = ({ time, open, high, low, close }: ChartBar) => ({
  time: time as UTCTimestamp,
  open,
  high,
  low,
  close,
});

const volumeOf = ({ time, open, close, volume }: ChartBar, { upSoft, downSoft }: Colours) => ({
  time: time as UTCTimestamp,
  value: volume,
  color: close >= open ? upSoft : downSoft,
});

const markerOf = ({ time, side, price, text }: FillMark, { up, down }: Colours): SeriesMarker<Time> => ({
  time: time as UTCTimestamp,
  price,
  position: side === "buy" ? "atPriceBottom" : "atPriceTop",
  shape: side === "buy" ? "arrowUp" : "arrowDown",
  color: side === "buy" ? up : down,
  text,
});
