/** Where files are dropped or chosen, and what becomes of them. */
import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { screenActions } from "../shell/actions.ts";
import { attempt } from "../shell/toasts.tsx";
import { ImportCard } from "./import-card.tsx";
import { imports, loadImports, sendFiles, sending } from "./import-queue.ts";
import { sizeText } from "./progress-text.ts";

export function DropZone(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const isOver = useDrops();
  useEffect(() => {
    attempt(loadImports);
    screenActions.value = [
      {
        group: "Page",
        name: "Choose files to import",
        keys: ["i"],
        run: () => field.current?.click(),
        cli: "tapedeck data import FILE",
      },
    ];
    return () => {
      screenActions.value = [];
    };
  }, []);
  return (
    <section aria-label="Import">
      <div class="drop-zone" data-over={isOver.value}>
        <p>
          <strong>Drop files of bars here</strong>{" "}
          <span class="hint">CSV, JSON, Parquet, zip or gzip; up to 2 GB each</span>
        </p>
        <input
          ref={field}
          type="file"
          multiple
          hidden
          aria-label="Files of bars"
          onChange={(event) => {
            send(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        <button
          type="button"
          class="button"
          onClick={() => {
            field.current?.click();
          }}
        >
          Choose files…
        </button>
      </div>
      <Arriving />
      <div class="imports">
        {imports.value?.map((job) => (
          <ImportCard key={job.id} job={job} />
        ))}
      </div>
    </section>
  );
}

const send = (files: FileList | null | undefined): void => {
  if (files !== null && files !== undefined && files.length > 0) void sendFiles([...files]);
};

/** Files may be dropped anywhere on the page: beside the mark, a browser would leave the page for them. */
function useDrops(): Signal<boolean> {
  const isOver = useSignal(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const on = (type: "dragover" | "dragleave" | "drop", isNowOver: boolean): void => {
      const listen = (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes("Files") !== true) return;
        event.preventDefault();
        isOver.value = isNowOver;
        if (type === "drop") send(event.dataTransfer.files);
      };
      addEventListener(type, listen, { signal });
    };
    on("dragover", true);
    on("dragleave", false);
    on("drop", false);
    return () => {
      controller.abort();
    };
  }, []);
  return isOver;
}

/** Files that are on their way to the server. */
function Arriving(): JSX.Element {
  return (
    <div class="imports" role="status" aria-label="Imports">
      {sending.value.map(({ key, name, bytes, problem, cancel }) => (
        <div key={key} class="card import">
          <div class="card-head">
            <h2>{name}</h2>
            <p class={problem === undefined ? "hint" : "problem"}>
              {problem ?? `sending ${sizeText(bytes)} to the server…`}
            </p>
            <button type="button" class="button" onClick={cancel}>
              {problem === undefined ? "Cancel" : "Dismiss"}
            </button>
          </div>
        </div>
      ))}
    </div>
  );
}
