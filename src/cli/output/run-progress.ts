/** How far a run has come, on standard error: clock, speed, equity and fills, where a person watches. */
import { textOf } from "../http/server-client.ts";
import { openWordedBar } from "./progress.ts";

export interface RunProgress {
  /** A session, and how its account does. */
  readonly show: (session: unknown, account: { readonly equity: string; readonly fills: number }) => void;
  readonly close: () => void;
}

/** Silent where nobody watches: what the bot says stands there. */
export function openRunProgress(speed: string): RunProgress {
  if (!process.stderr.isTTY) return { show: () => {}, close: () => {} };
  const bar = openWordedBar();
  const timeOf = (session: unknown, field: string): number => Date.parse(textOf(session, field));
  return {
    show: (session, { equity, fills }) => {
      const start = timeOf(session, "simulation_start");
      const done = timeOf(session, "current_time") - start;
      const total = timeOf(session, "simulation_end") - start;
      const clock = `${textOf(session, "current_time")} at ${speed === "max" ? "full speed" : `${speed} ×`}`;
      bar.show(done, total, `${clock} | equity ${equity} | ${fills} fills`);
    },
    close: bar.close,
  };
}
