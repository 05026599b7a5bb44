/** How long work goes, on standard error: a bar with rate and time left where a person watches, else a line now and then. The only file that knows cli-progress. */
import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  /** In the unit that was named when it was opened. */
  readonly show: (done: number, total: number) => void;
  readonly close: () => void;
}

/** Where the words go and what time it is; a port for tests. */
export interface Watcher {
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

export const STANDARD_ERROR: Watcher = {
  isTerminal: process.stderr.isTTY,
  write: (text) => {
    process.stderr.write(text);
  },
  now: () => performance.now(),
};

export interface ProgressOptions {
  /** What is worked on; "" for nothing more than the unit. */
  readonly name: string;
  /** "MB", "series", … */
  readonly unit: string;
  /** With --json nothing is said. */
  readonly isQuiet: boolean;
}

const SILENT: Progress = { show: () => {}, close: () => {} };

export const SECOND_MS = 1000;

/** Work that takes less than this is over before anyone wonders. */
const PATIENCE_MS = SECOND_MS;

/** Between two lines of a log. */
const LINE_MS = 5 * SECOND_MS;

const BYTES_PER_MB = 1_000_000;

/** Nothing is shown in the first second. */
export function openProgress(options: ProgressOptions, watcher: Watcher = STANDARD_ERROR): Progress {
  if (options.isQuiet) return SILENT;
  return watcher.isTerminal ? openBar(options, watcher) : openLog(options, watcher);
}

/** The same for bytes, in megabytes. */
export function openBytesProgress(name: string, isQuiet: boolean, watcher: Watcher = STANDARD_ERROR): Progress {
  const progress = openProgress({ name, unit: "MB", isQuiet }, watcher);
  const megabytes = (bytes: number): number => Math.round((bytes / BYTES_PER_MB) * 10) / 10;
  return { ...progress, show: (done, total) => progress.show(megabytes(done), megabytes(total)) };
}

function openBar({ name, unit }: ProgressOptions, { now }: Watcher): Progress {
  const bar = openWordedBar();
  const startedAt = now();
  return {
    show: (done, total) => {
      const passedMs = now() - startedAt;
      if (passedMs >= PATIENCE_MS) bar.show(done, total, wordsOf({ name, unit, done, total, passedMs }));
    },
    close: bar.close,
  };
}

function openLog({ name, unit }: ProgressOptions, { now, write }: Watcher): Progress {
  const startedAt = now();
  let saidAt = startedAt + PATIENCE_MS - LINE_MS;
  return {
    show: (done, total) => {
      const passedMs = now() - startedAt;
      if (now() - saidAt < LINE_MS || total === 0) return;
      saidAt = now();
      const left = done === 0 ? "" : `, ${duration((passedMs / done) * (total - done))} left`;
      write(`${wordsOf({ name, unit, done, total, passedMs })} (${Math.floor((100 * done) / total)}%${left})\n`);
    },
    close: () => {},
  };
}

interface Passed {
  readonly name: string;
  readonly unit: string;
  readonly done: number;
  readonly total: number;
  readonly passedMs: number;
}

/** Names of files come from anywhere: no control character reaches a terminal. */
function wordsOf({ name, unit, done, total, passedMs }: Passed): string {
  const rate = (done / passedMs) * SECOND_MS;
  const rounded = rate >= 100 ? Math.round(rate) : Math.round(rate * 10) / 10;
  const head = name === "" ? "" : `${name.replace(/\p{Cc}/gu, "?")}: `;
  return `${head}${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} ${unit}, ${rounded.toLocaleString("en-US")} a second`;
}

/** "7 s", "12 min". */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / SECOND_MS);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** A bar whose words change as it moves; it must only be opened on a terminal. */
export interface WordedBar {
  readonly show: (done: number, total: number, words: string) => void;
  readonly close: () => void;
}

/** A bar on standard error with the time that is left, and words behind it. */
export function openWordedBar(): WordedBar {
  const bar = new SingleBar(
    {
      format: "{bar} {percentage}% | {eta_formatted} left | {words}",
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      noTTYOutput: false,
      // Steps may come seldom: the time left goes by all of them, not by the last ten.
      etaBuffer: 1000,
    },
    Presets.shades_classic,
  );
  let isOpen = false;
  return {
    show: (done, total, words) => {
      if (!isOpen) bar.start(total, 0, { words });
      isOpen = true;
      bar.setTotal(total);
      bar.update(done, { words });
    },
    close: () => {
      if (isOpen) bar.stop();
    },
  };
}
