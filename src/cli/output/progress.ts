/** The progress bar of an import, on standard error and only where a person watches. The only file that knows cli-progress. */
import { basename } from "node:path";
import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  readonly show: (done: number, total: number) => void;
  readonly close: () => void;
}

const SILENT: Progress = { show: () => {}, close: () => {} };

const BYTES_PER_MB = 1_000_000;

/** A bar that counts megabytes of a file. */
export function openProgress(path: string, isQuiet: boolean): Progress {
  if (isQuiet || !process.stderr.isTTY) return SILENT;
  const bar = new SingleBar(
    {
      format: `${basename(path).replace(/\p{Cc}/gu, "?")} {bar} {percentage}% | {value} of {total} MB | {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  let isOpen = false;
  const megabytes = (bytes: number): number => Math.round((bytes / BYTES_PER_MB) * 10) / 10;
  return {
    show: (done, total) => {
      if (!isOpen) bar.start(megabytes(total), 0);
      isOpen = true;
      bar.update(megabytes(done));
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
