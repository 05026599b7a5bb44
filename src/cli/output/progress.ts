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
