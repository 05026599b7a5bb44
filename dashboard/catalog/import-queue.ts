/** Files on their way into the catalog: sent, watched while they are imported, and forgotten. */
import { signal } from "@preact/signals";
import { client } from "../api/access.ts";
import type { DataImport, ImportOptions } from "../api/connect-types.ts";
import { wordsOf } from "../api/errors.ts";
import { attempt, complain } from "../shell/toasts.tsx";

export interface Sending {
  readonly key: number;
  readonly name: string;
  readonly bytes: number;
  readonly problem: string | undefined;
  readonly cancel: () => void;
}

/** Files that have not arrived yet. */
export const sending = signal<readonly Sending[]>([]);

/** Newest first; undefined until the first answer. */
export const imports = signal<readonly DataImport[] | undefined>(undefined);

/** Grows when bars have come in or gone. */
export const changes = signal(0);

let count = 0;

/** Sends files one after the other. */
export async function sendFiles(files: readonly File[]): Promise<void> {
  const all = files.map((file) => {
    const controller = new AbortController();
    count += 1;
    const key = count;
    const cancel = (): void => {
      controller.abort();
      sending.value = sending.value.filter((each) => each.key !== key);
    };
    return {
      file,
      signal: controller.signal,
      shown: { key, name: file.name, bytes: file.size, problem: undefined, cancel },
    };
  });
  sending.value = [...sending.value, ...all.map(({ shown }) => shown)];
  for (const { file, signal: stopped, shown } of all) {
    if (stopped.aborted) continue;
    try {
      put(await client.sendFile(file, stopped));
      sending.value = sending.value.filter(({ key }) => key !== shown.key);
    } catch (error) {
      if (stopped.aborted) continue;
      const problem = wordsOf(error);
      sending.value = sending.value.map((each) => (each.key === shown.key ? { ...each, problem } : each));
    }
  }
}

/** What is there from before. */
export async function loadImports(): Promise<void> {
  imports.value = await client.imports();
  for (const { id } of imports.value.filter(isMoving)) void follow(id);
}

export const isMoving = ({ state }: DataImport): boolean => state === "waiting" || state === "running";

export async function start(id: string, options: ImportOptions): Promise<void> {
  put(await client.startImport(id, options));
  void follow(id);
}

/** Ends it where it runs. */
export function drop(id: string): void {
  imports.value = imports.value?.filter((each) => each.id !== id);
  attempt(() => client.dropImport(id));
}

function put(job: DataImport): void {
  const others = imports.value?.filter(({ id }) => id !== job.id) ?? [];
  const place = imports.value?.findIndex(({ id }) => id === job.id) ?? -1;
  imports.value = place < 0 ? [job, ...others] : others.toSpliced(place, 0, job);
}

/** Milliseconds between two looks at an import. */
const EACH_MS = 400;

const followed = new Set<string>();

async function follow(id: string): Promise<void> {
  if (followed.has(id)) return;
  followed.add(id);
  try {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, EACH_MS));
      if (imports.value?.some((each) => each.id === id) !== true) return;
      const job = await client.import(id);
      if (!imports.value.some((each) => each.id === id)) return;
      put(job);
      if (isMoving(job)) continue;
      changes.value += 1;
      return;
    }
  } catch (error) {
    complain(error);
  } finally {
    followed.delete(id);
  }
}
