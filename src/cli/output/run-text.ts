/** What became of a run, for people. */
import { textOf } from "../http/server-client.ts";
import { reportsText } from "./report-text.ts";

export interface RunResult {
  readonly session: string;
  readonly account: string;
  /** Where the session is kept. */
  readonly directory: string;
  readonly exitCode: number;
  readonly state: unknown;
  /** The account as its trader sees it. */
  readonly trader: unknown;
  readonly report: unknown;
}

export function runText({ session, directory, exitCode, state, trader, report }: RunResult): string {
  const ended = exitCode === 0 ? "" : `; the command ended with ${exitCode}`;
  return [
    `Session ${session}, ${textOf(state, "status")} at ${textOf(state, "current_time")}${ended}`,
    `Equity ${textOf(trader, "equity")}, cash ${textOf(trader, "cash")}`,
    "",
    reportsText([{ accountNumber: textOf(trader, "account_number"), report }]),
    "",
    `It is kept in ${directory}`,
  ].join("\n");
}
