/** The timeframes that the chart offers, as the API names them. */

export type Timeframe = "1Min" | "5Min" | "15Min" | "1Hour" | "1Day";

export interface TimeframeSpec {
  readonly label: string;
  readonly minutes: number;
  /** How far back the chart reaches when it opens: about a thousand bars. */
  readonly backDays: number;
}

export const TIMEFRAMES: Readonly<Record<Timeframe, TimeframeSpec>> = {
  "1Min": { label: "1m", minutes: 1, backDays: 4 },
  "5Min": { label: "5m", minutes: 5, backDays: 14 },
  "15Min": { label: "15m", minutes: 15, backDays: 35 },
  "1Hour": { label: "1h", minutes: 60, backDays: 120 },
  "1Day": { label: "1D", minutes: 1440, backDays: 1500 },
};
