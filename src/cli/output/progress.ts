/** Progress bars, on standard error and only where a person watches. The only file that knows cli-progress. */
import { basename } from "node:path";
import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  readonly show: (done: number, total: number) => void;
  readonly close: () => void;
}

const SILENT: Progress = { show: () => {}, close: () => {} };

/** A count appears once the work takes longer than this, in milliseconds. */
const PATIENCE_MS = 1000;

const BYTES_PER_MB = 1_000_000;

/** A bar that counts megabytes of a file. */
export function openProgress(path: string, isQuiet: boolean): Progress {
  const name = basename(path).replace(/\p{Cc}/gu, "?");
  const megabytes = (bytes: number): number => Math.round((bytes / BYTES_PER_MB) * 10) / 10;
  return openBar(
    { format: `${name} {bar} {percentage}% | {value} of {total} MB | {eta_formatted} left`, isQuiet },
    megabytes,
  );
}

/** A bar that counts things, once they take over a second. */
export function openCount(what: string, isQuiet: boolean): Progress {
  const bar = openBar({ format: `{bar} {value} of {total} ${what} | {eta_formatted} left`, isQuiet }, (count) => count);
  const startedAt = performance.now();
  return {
    show: (done, total) => {
      if (performance.now() - startedAt >= PATIENCE_MS) bar.show(done, total);
    },
    close: bar.close,
  };
}

interface BarOptions {
  readonly format: string;
  readonly isQuiet: boolean;
}

function openBar({ format, isQuiet }: BarOptions, unitsOf: (value: number) => number): Progress {
  if (isQuiet || !process.stderr.isTTY) return SILENT;
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  let isOpen = false;
  return {
    show: (done, total) => {
      if (!isOpen) bar.start(unitsOf(total), 0);
      isOpen = true;
      bar.update(unitsOf(done));
    },
    close: () => {
      if (isOpen) bar.stop();
    },
  };
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
      // Stretches come seldom: the time left goes by all of them, not by the last ten steps.
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
