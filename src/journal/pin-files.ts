/** What sessions have used of the tape: a file of lines for each, beside the database; written, not synced. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { PinStore } from "../sessions/index.ts";

export interface PinFiles {
  readonly of: (id: string) => PinStore;
  readonly copy: (from: string, to: string) => void;
  readonly remove: (id: string) => void;
}

/** `guard` turns what the disk says into a fault that names the journal. */
export function openPinFiles(directory: string, guard: <T>(path: string, work: () => T) => T): PinFiles {
  const folder = join(directory, "pins");
  const pathOf = (id: string): string => join(folder, `${id}.jsonl`);
  const made = (): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  };
  return {
    of: (id) => ({
      read: () => guard(pathOf(id), () => (existsSync(pathOf(id)) ? readFileSync(pathOf(id), "utf8") : "")),
      add: (lines) =>
        guard(pathOf(id), () => {
          made();
          appendFileSync(pathOf(id), lines);
        }),
      replace: (lines) =>
        guard(pathOf(id), () => {
          made();
          writeFileSync(`${pathOf(id)}.new`, lines);
          renameSync(`${pathOf(id)}.new`, pathOf(id));
        }),
    }),
    copy: (from, to) =>
      guard(pathOf(to), () => {
        if (existsSync(pathOf(from))) copyFileSync(pathOf(from), pathOf(to));
      }),
    remove: (id) => guard(pathOf(id), () => rmSync(pathOf(id), { force: true })),
  };
}
