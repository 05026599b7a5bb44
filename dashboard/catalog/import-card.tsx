/** One import: its preview while it waits, its progress while it runs, its report when it is done. */
import type { JSX } from "preact";
import type { DataImport } from "../api/connect-types.ts";
import { ImportForm } from "./import-form.tsx";
import { drop, isMoving } from "./import-queue.ts";
import { ImportResult } from "./import-result.tsx";
import { progressText, sizeText } from "./progress-text.ts";

export function ImportCard({ job }: { readonly job: DataImport }): JSX.Element {
  return (
    <article class="card import" aria-label={job.name}>
      <div class="card-head">
        <h2>{job.name}</h2>
        <p class="hint">{sizeText(job.bytes)}</p>
        <button
          type="button"
          class="button"
          onClick={() => {
            drop(job.id);
          }}
        >
          {isMoving(job) ? "Cancel" : job.state === "ready" ? "Remove" : "Dismiss"}
        </button>
      </div>
      {job.state === "ready" ? (
        <ImportForm job={job} />
      ) : isMoving(job) ? (
        <Moving job={job} />
      ) : (
        <ImportResult job={job} />
      )}
    </article>
  );
}

function Moving({ job }: { readonly job: DataImport }): JSX.Element {
  const { progress } = job;
  return (
    <div class="import-body">
      <progress
        aria-label={`Import of ${job.name}`}
        {...(progress === null || progress.total === 0 ? {} : { value: progress.done, max: progress.total })}
      />
      <p class="hint">{progressText(job, Date.now())}</p>
    </div>
  );
}
