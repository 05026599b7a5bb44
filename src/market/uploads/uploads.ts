/** Files that arrive to be imported, and their imports: one after the other, each watched, ended and forgotten by its id. */
import { mkdir, rm } from "node:fs/promises";
import {
  AppError,
  IMPORTS_REMEMBERED_MAX,
  refuse,
  UPLOAD_ROWS_MAX,
  UPLOAD_TEXT_BYTES_MAX,
  UPLOAD_WAIT_MS_MAX,
  UPLOADS_WAITING_MAX,
  type FaultCode,
  type Refusal,
} from "../../kernel/index.ts";
import { importFile, type ImportReport } from "../import/import-file.ts";
import type { ContentLimits } from "../import/import-reading.ts";
import { previewFile, type FilePreview, type PreviewOptions } from "../import/preview-file.ts";
import type { Market } from "../market.ts";
import { receiveFile, type UploadedFile } from "./upload-file.ts";
import { worded } from "./wording.ts";

export type UploadOptions = PreviewOptions;

export interface Upload {
  readonly owner: string;
  /** A plain file name: it may tell the symbol. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface ImportProgress {
  readonly phase: "reading" | "writing";
  /** Bytes on disk while it reads, years of series while it writes. */
  readonly done: number;
  readonly total: number;
}

export interface ImportJob {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly bytes: number;
  /** ready: it waits for its options; waiting: for imports before it. */
  readonly state: "ready" | "waiting" | "running" | "done" | "failed" | "canceled";
  /** Epoch milliseconds of the wall clock. */
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly progress: ImportProgress | undefined;
  readonly report: ImportReport | undefined;
  readonly fault: { readonly code: FaultCode; readonly message: string } | undefined;
}

export interface UploadsParts {
  readonly market: Market;
  /** Holds nothing else; what is left there from before is removed. */
  readonly directory: string;
  /** Default: the limits of uploads. */
  readonly atMost?: ContentLimits & { readonly fileBytes: number };
}

export interface Uploads {
  /** Refuses "bad_request", "body_too_large" and "too_many". Throws AppError "import_failed" where the disk says no. */
  readonly receive: (upload: Upload) => Promise<ImportJob | Refusal>;
  /** Newest first. */
  readonly list: (owner: string) => readonly ImportJob[];
  readonly find: (owner: string, id: string) => ImportJob | undefined;
  /** Refuses "import_state" where the file is gone. */
  readonly preview: (job: ImportJob, options: UploadOptions) => Promise<FilePreview | Refusal>;
  /** Refuses "import_state" where it was started before. */
  readonly start: (job: ImportJob, options: UploadOptions) => ImportJob | Refusal;
  /** Ends it if it runs, and forgets it; nothing has changed then unless it was done. */
  readonly remove: (job: ImportJob) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Throws AppError where the directory cannot be made. */
export async function openUploads(parts: UploadsParts): Promise<Uploads> {
  await rm(parts.directory, { recursive: true, force: true });
  return new UploadDesk(parts);
}

interface Entry {
  job: ImportJob;
  readonly file: UploadedFile;
  readonly controller: AbortController;
  ending: Promise<void>;
}

class UploadDesk implements Uploads {
  readonly #parts: UploadsParts;
  readonly #entries = new Map<string, Entry>();
  readonly #arriving = new Map<string, number>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  readonly receive = async ({ owner, name, content }: Upload): Promise<ImportJob | Refusal> => {
    await this.#forgetOld();
    const arriving = this.#arriving.get(owner) ?? 0;
    const waiting = this.list(owner).filter(({ endedAt }) => endedAt === undefined).length;
    if (arriving + waiting >= UPLOADS_WAITING_MAX)
      return refuse("too_many", `${UPLOADS_WAITING_MAX} files wait already; import or remove some of them first`);
    this.#arriving.set(owner, arriving + 1);
    try {
      await mkdir(this.#parts.directory, { recursive: true, mode: 0o700 });
      const bytesMax = this.#parts.atMost?.fileBytes;
      const file = await receiveFile({ directory: this.#parts.directory, name, content, bytesMax });
      return "kind" in file ? file : this.#added(owner, file);
    } finally {
      const left = (this.#arriving.get(owner) ?? 1) - 1;
      if (left === 0) this.#arriving.delete(owner);
      else this.#arriving.set(owner, left);
    }
  };

  #added(owner: string, file: UploadedFile): ImportJob {
    const job: ImportJob = {
      id: file.id,
      owner,
      name: file.name,
      bytes: file.bytes,
      state: "ready",
      createdAt: Date.now(),
      startedAt: undefined,
      endedAt: undefined,
      progress: undefined,
      report: undefined,
      fault: undefined,
    };
    this.#entries.set(job.id, { job, file, controller: new AbortController(), ending: Promise.resolve() });
    return job;
  }

  readonly list = (owner: string): readonly ImportJob[] =>
    [...this.#entries.values()].flatMap(({ job }) => (job.owner === owner ? [job] : [])).toReversed();

  readonly find = (owner: string, id: string): ImportJob | undefined => {
    const job = this.#entries.get(id.toLowerCase())?.job;
    return job?.owner === owner ? job : undefined;
  };

  readonly preview = async ({ id }: ImportJob, options: UploadOptions): Promise<FilePreview | Refusal> => {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.job.endedAt !== undefined) return isOver(entry?.job);
    const seen = await previewFile(entry.file.path, options);
    if (seen.problem === undefined) return seen;
    return { ...seen, problem: new AppError(seen.problem.code, worded(seen.problem.message, entry.file)) };
  };

  readonly start = ({ id }: ImportJob, options: UploadOptions): ImportJob | Refusal => {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.job.state !== "ready") return isOver(entry?.job);
    entry.job = { ...entry.job, state: "waiting" };
    entry.ending = this.#last.then(() => this.#run(entry, options));
    this.#last = entry.ending;
    return entry.job;
  };

  async #run(entry: Entry, options: UploadOptions): Promise<void> {
    const outcome = await this.#outcome(entry, options);
    await rm(entry.file.folder, { recursive: true, force: true }).catch(() => undefined);
    entry.job = { ...entry.job, ...outcome, endedAt: Date.now() };
  }

  async #outcome(entry: Entry, options: UploadOptions): Promise<Pick<ImportJob, "state"> & Partial<ImportJob>> {
    const { controller, file } = entry;
    const show = (phase: ImportProgress["phase"]) => (done: number, total: number) => {
      entry.job = { ...entry.job, progress: { phase, done, total } };
    };
    try {
      controller.signal.throwIfAborted();
      entry.job = { ...entry.job, state: "running", startedAt: Date.now() };
      const report = await importFile({
        ...options,
        market: this.#parts.market,
        path: file.path,
        atMost: this.#parts.atMost ?? { bytes: UPLOAD_TEXT_BYTES_MAX, rows: UPLOAD_ROWS_MAX },
        signal: controller.signal,
        onProgress: show("reading"),
        onWriting: show("writing"),
      });
      return { state: "done", report };
    } catch (error) {
      if (controller.signal.aborted) return { state: "canceled" };
      const code = error instanceof AppError ? error.code : "import_failed";
      const message = worded(error instanceof Error ? error.message : String(error), file);
      return { state: "failed", fault: { code, message } };
    }
  }

  readonly remove = async ({ id }: ImportJob): Promise<void> => {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.controller.abort();
    this.#entries.delete(id);
    if (entry.job.state === "running") await entry.ending;
    await rm(entry.file.folder, { recursive: true, force: true });
  };

  /** Files that nobody imported within an hour, and the oldest of what has ended. */
  async #forgetOld(): Promise<void> {
    const before = Date.now() - UPLOAD_WAIT_MS_MAX;
    const jobs = [...this.#entries.values()].map(({ job }) => job);
    const ended = jobs.filter(({ endedAt }) => endedAt !== undefined);
    const tooOld = jobs.filter(({ state, createdAt }) => state === "ready" && createdAt < before);
    const tooMany = ended.slice(0, Math.max(0, ended.length - IMPORTS_REMEMBERED_MAX + 1));
    for (const job of [...tooOld, ...tooMany]) await this.remove(job);
  }

  readonly close = async (): Promise<void> => {
    for (const { job } of this.#entries.values()) await this.remove(job);
    await this.#last;
    await rm(this.#parts.directory, { recursive: true, force: true });
  };
}

function isOver(job: ImportJob | undefined): Refusal {
  const why = job === undefined ? "it was removed" : `it is ${job.state} already`;
  return refuse("import_state", `the import cannot be changed any more: ${why}; send the file again`);
}
