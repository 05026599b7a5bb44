/** What the built-in sample imitates: nine symbols, their month-end closes as traded then, and how they trade. */
import type { Month } from "../months.ts";

export interface SampleSymbol {
  readonly symbol: string;
  /** Dollars at the end of November 2022, then of each month to December 2023. Not adjusted for later splits. */
  readonly monthCloses: readonly number[];
  /** Shares on an ordinary day. */
  readonly dailyVolume: number;
  /** Standard deviation of a day's return. */
  readonly dailySigma: number;
  /** Shares of an ordinary trade. */
  readonly tradeSize: number;
  /** Share of the minutes before and after regular hours that print when trading is thinnest; 1: every minute. */
  readonly thinnestPresence: number;
}

export const SAMPLE_FIRST_MONTH: Month = 2022 * 12 + 11;
export const SAMPLE_LAST_MONTH: Month = 2023 * 12 + 11;

export const SAMPLE_SYMBOLS: readonly SampleSymbol[] = [
  {
    symbol: "AAPL",
    monthCloses: [
      148.03, 129.93, 144.29, 147.41, 164.9, 169.68, 177.25, 193.97, 196.45, 187.87, 171.21, 170.77, 189.95, 192.53,
    ],
    dailyVolume: 59_000_000,
    dailySigma: 0.0125,
    tradeSize: 95,
    thinnestPresence: 1,
  },
  {
    symbol: "AMZN",
    monthCloses: [
      96.54, 84, 103.13, 94.23, 103.29, 105.45, 120.58, 130.36, 133.68, 138.01, 127.12, 133.09, 146.09, 151.94,
    ],
    dailyVolume: 57_000_000,
    dailySigma: 0.0205,
    tradeSize: 105,
    thinnestPresence: 0.45,
  },
  {
    symbol: "GOOGL",
    monthCloses: [
      100.99, 88.23, 98.84, 90.06, 103.73, 107.34, 122.87, 119.7, 132.72, 136.17, 130.86, 124.08, 132.53, 139.69,
    ],
    dailyVolume: 32_000_000,
    dailySigma: 0.019,
    tradeSize: 100,
    thinnestPresence: 0.3,
  },
  {
    symbol: "META",
    monthCloses: [
      118.1, 120.34, 148.97, 174.94, 211.94, 240.32, 264.72, 286.98, 318.6, 295.89, 300.21, 301.27, 327.15, 353.96,
    ],
    dailyVolume: 23_500_000,
    dailySigma: 0.0235,
    tradeSize: 65,
    thinnestPresence: 0.3,
  },
  {
    symbol: "MSFT",
    monthCloses: [
      255.14, 239.82, 247.81, 249.42, 288.3, 307.26, 328.39, 340.54, 335.92, 327.76, 315.75, 338.11, 378.91, 376.04,
    ],
    dailyVolume: 27_500_000,
    dailySigma: 0.0155,
    tradeSize: 60,
    thinnestPresence: 1,
  },
  {
    symbol: "NVDA",
    monthCloses: [
      169.23, 146.14, 195.37, 232.16, 277.77, 277.49, 378.34, 423.02, 467.29, 493.55, 434.99, 407.8, 467.7, 495.22,
    ],
    dailyVolume: 47_000_000,
    dailySigma: 0.029,
    tradeSize: 60,
    thinnestPresence: 0.6,
  },
  {
    symbol: "QQQ",
    monthCloses: [
      293.36, 266.28, 294.62, 293.56, 320.93, 322.56, 347.99, 369.42, 383.68, 377.99, 358.27, 350.87, 388.83, 409.52,
    ],
    dailyVolume: 54_000_000,
    dailySigma: 0.0112,
    tradeSize: 110,
    thinnestPresence: 0.7,
  },
  {
    symbol: "SPY",
    monthCloses: [
      407.68, 382.43, 406.48, 396.26, 409.39, 415.93, 417.85, 443.28, 457.79, 450.35, 427.48, 418.2, 456.4, 475.31,
    ],
    dailyVolume: 82_000_000,
    dailySigma: 0.0082,
    tradeSize: 160,
    thinnestPresence: 0.75,
  },
  {
    symbol: "TSLA",
    monthCloses: [
      194.7, 123.18, 173.22, 205.71, 207.46, 164.31, 203.93, 261.77, 267.43, 258.08, 250.22, 200.84, 240.08, 248.48,
    ],
    dailyVolume: 137_000_000,
    dailySigma: 0.032,
    tradeSize: 85,
    thinnestPresence: 0.65,
  },
];
