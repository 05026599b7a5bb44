/** Server-sent events by fetch, since EventSource can send no key: read, counted, and taken up again where they broke off. */
import { ApiError } from "./errors.ts";

export interface StreamEvent {
  readonly id: string | undefined;
  readonly type: string;
  /** JSON. */
  readonly data: unknown;
}

/** Takes text as it arrives, in pieces of any size, and gives the events that are complete. */
export function createEventParser(): (chunk: string) => readonly StreamEvent[] {
  let rest = "";
  return (chunk) => {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      const event = eventOf(block);
      return event === undefined ? [] : [event];
    });
  };
}

function eventOf(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""));
  }
  const data = fields.get("data");
  if (data === undefined) return undefined;
  return { id: fields.get("id"), type: fields.get("event") ?? "message", data: JSON.parse(data) };
}

export interface Following {
  /** Opens the stream after an event; undefined: where it begins. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  readonly onEvents: (events: readonly StreamEvent[]) => void;
  readonly onState: (state: "open" | "waiting" | "refused", error?: unknown) => void;
}

/** Milliseconds before another attempt: doubled each time, up to the last. */
const WAIT_MS = [250, 500, 1000, 2000, 4000, 8000] as const;

/** Follows a stream until it is told to stop. A refusal (4xx) ends it; everything else is tried again. */
export function followEvents({ open, onEvents, onState }: Following): () => void {
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    let lastEventId: string | undefined;
    for (let failures = 0; !stopped.signal.aborted; failures += 1) {
      try {
        const response = await open(lastEventId, stopped.signal);
        onState("open");
        failures = 0;
        await readAll(response, (events) => {
          lastEventId = events.findLast(({ id }) => id !== undefined)?.id ?? lastEventId;
          onEvents(events);
        });
      } catch (error) {
        if (stopped.signal.aborted) return;
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429)
          return onState("refused", error);
      }
      if (stopped.signal.aborted) return;
      onState("waiting");
      await waited(WAIT_MS[Math.min(failures, WAIT_MS.length - 1)] ?? 8000, stopped.signal);
    }
  };
  void run();
  return () => {
    stopped.abort();
  };
}

async function readAll(response: Response, take: (events: readonly StreamEvent[]) => void): Promise<void> {
  if (response.body === null) return;
  const parse = createEventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const events = parse(read.value);
    if (events.length > 0) take(events);
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
