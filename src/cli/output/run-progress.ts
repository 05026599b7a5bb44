/** How far a run has come, on standard error: clock and equity, where a person watches. */
import { fieldOf, textOf } from "../http/server-client.ts";
import { openWordedBar } from "./progress.ts";

export interface RunProgress {
  /** A session, and the equity of its account. */
  readonly show: (session: unknown, equity: string) => void;
  readonly close: () => void;
}

/** Silent where nobody watches: what the bot says stands there. */
export function openRunProgress(): RunProgress {
  if (!process.stderr.isTTY) return { show: () => {}, close: () => {} };
  const bar = openWordedBar();
  const timeOf = (session: unknown, field: string): number => Date.parse(textOf(session, field));
  return {
    show: (session, equity) => {
      const start = timeOf(session, "simulation_start");
      const done = timeOf(session, "current_time") - start;
      const total = timeOf(session, "simulation_end") - start;
      const realized = fieldOf(session, "total_realized_pnl");
      bar.show(done, total, `${textOf(session, "current_time")} | equity ${equity} | realized ${String(realized)}`);
    },
    close: bar.close,
  };
}
