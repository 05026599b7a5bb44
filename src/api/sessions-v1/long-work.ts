/** Answers to work that takes seconds: the report alone, or JSON lines that tell how far it is; a client that goes away ends it. */
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { AppError, isRefusal, type Refusal } from "../../kernel/index.ts";
import type { Watch } from "../../sessions/index.ts";
import { accepted, errorBody, RefusedRequest } from "../wire/errors.ts";

type Work = (watch: Watch) => Promise<object | Refusal>;

export async function answerLongWork(reply: FastifyReply, withProgress: boolean, work: Work): Promise<object> {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    controller.abort();
  });
  const { signal } = controller;
  if (!withProgress) return accepted(await work({ signal }));
  return reply.type("application/x-ndjson").send(Readable.from(linesOf(work, signal)));
}

interface Progress {
  readonly progress: { readonly done: number; readonly total: number };
}

/** The newest progress whenever the reader wants more, then the report or the error. */
async function* linesOf(work: Work, signal: AbortSignal): AsyncGenerator<string> {
  const newest = new Newest();
  const onProgress = (done: number, total: number): void => {
    newest.put({ progress: { done, total } });
  };
  const ending = endOf(work, { signal, onProgress });
  for (;;) {
    const next = await Promise.race([ending, newest.take()]);
    yield lineOf(next);
    if (!("progress" in next)) return;
  }
}

/** Holds one value for a reader; a newer one takes its place. */
class Newest {
  #held: Progress | undefined;
  #waiting: ((value: Progress) => void) | undefined;

  put(value: Progress): void {
    if (this.#waiting === undefined) this.#held = value;
    else this.#waiting(value);
    this.#waiting = undefined;
  }

  async take(): Promise<Progress> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

async function endOf(work: Work, watch: Watch): Promise<object> {
  try {
    const report = await work(watch);
    return isRefusal(report) ? { error: errorBody(report) } : { report };
  } catch (error) {
    if (error instanceof RefusedRequest) return { error: errorBody(error.refusal) };
    return {
      error: { code: 50_310_000, message: error instanceof AppError ? error.message : "internal server error" },
    };
  }
}
