/** The headline of an account's report for people: what it made, at which risk, in how many trades. */
import { fieldOf } from "../http/server-client.ts";
import { formatCount, formatTable, type Column } from "./table.ts";

/** One figure of a report, by its part and key, as a column. */
interface Headline {
  readonly head: string;
  readonly part: string;
  readonly key: string;
  readonly write: (value: number) => string;
}

const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;
const plain = (value: number): string => value.toFixed(2);
const dollars = (value: number): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const HEADLINES: readonly Headline[] = [
  { head: "RETURN", part: "returns", key: "cumulative_return", write: percent },
  { head: "A YEAR", part: "returns", key: "cagr_252", write: percent },
  { head: "VOLATILITY", part: "risk", key: "volatility_252", write: percent },
  { head: "SHARPE", part: "risk", key: "sharpe_252", write: plain },
  { head: "DRAWDOWN", part: "drawdown", key: "max_drawdown", write: percent },
  { head: "TRADES", part: "trades", key: "total_trades", write: formatCount },
  { head: "WON", part: "trades", key: "win_rate", write: percent },
  { head: "FEES", part: "trades", key: "total_fees", write: dollars },
];

/** An account with its report. */
export interface Reported {
  readonly accountNumber: string;
  readonly report: unknown;
}

/** One row an account; what is not defined, or withheld from a short sample, is a dash. */
export function reportsText(accounts: readonly Reported[]): string {
  const columns: readonly Column[] = [
    { head: "ACCOUNT" },
    ...HEADLINES.map(({ head }): Column => ({ head, align: "right" })),
  ];
  const rows = accounts.map(({ accountNumber, report }) => [
    accountNumber,
    ...HEADLINES.map(({ part, key, write }) => {
      const value = fieldOf(fieldOf(report, part), key);
      return typeof value === "number" ? write(value) : "–";
    }),
  ]);
  return formatTable(columns, rows);
}
