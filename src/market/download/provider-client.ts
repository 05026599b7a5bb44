/** The one place that speaks HTTP to a provider: paced, signed, tried again a bounded number of times, never trusted. */
import { AppError, DOWNLOAD_TRIES_MAX, DOWNLOAD_WAIT_MS_MAX, MINUTE_MS } from "../../kernel/index.ts";
import { messageIn, parseBody, readBody } from "./answer-body.ts";
import { printable } from "./answer-fields.ts";
import { backOffMs, limitResetMs, retryAfterMs } from "./back-off.ts";
import type { Credentials } from "./credentials.ts";
import { DownloadFault, interrupted, UnsoundAnswer } from "./download-fault.ts";
import { Pacing } from "./pacing.ts";
import type { Waiting } from "./waiting.ts";

/** An answer of 50,000 bars takes seconds; what takes longer than this has stalled. */
const REQUEST_MS_MAX = MINUTE_MS;

/** Characters of a provider's words that a message quotes. */
const QUOTED_MAX = 300;

export interface ClientParts {
  /** For messages. */
  readonly provider: string;
  readonly credentials: Credentials;
  /** Requests a minute. */
  readonly rate: number;
  readonly time: Waiting;
  readonly signal: AbortSignal;
  /** Called before each wait, with its length in milliseconds and its reason. */
  readonly onWait: (waitMs: number, why: string) => void;
}

/** A reader of an answer throws UnsoundAnswer where it is not what was asked for. */
export type ReadAnswer<T> = (answer: unknown) => T;

/** What one try came to, other than an answer: why, and the wait that the provider asked for. */
interface Failure {
  readonly why: string;
  readonly waitMs: number | undefined;
}

export class ProviderClient {
  readonly #parts: ClientParts;
  readonly #pacing: Pacing;
  #requests = 0;
  #retries = 0;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#pacing = new Pacing(parts.rate, parts.time);
  }

  /** Requests made so far, those made again included. */
  get requests(): number {
    return this.#requests;
  }

  get retries(): number {
    return this.#retries;
  }

  /**
   * Throws DownloadFault naming the address without its query's secrets, what came, and who must act; and AppError
   * "interrupted" once the signal is aborted.
   */
  async get<T>(url: URL, read: ReadAnswer<T>): Promise<T> {
    const answer = await this.#ask(url, read);
    if (answer !== undefined) return answer.value;
    throw new DownloadFault(
      "symbol",
      `${this.#at(url)} answered 404: there is nothing. See the symbol and the address.`,
    );
  }

  /** As `get`; undefined where the provider answers 404. */
  async find<T>(url: URL, read: ReadAnswer<T>): Promise<T | undefined> {
    return (await this.#ask(url, read))?.value;
  }

  async #ask<T>(url: URL, read: ReadAnswer<T>): Promise<{ readonly value: T } | undefined> {
    for (let tries = 1; ; tries += 1) {
      await this.#wait(this.#pacing.delayMs(), `at most ${this.#parts.rate} requests a minute`);
      const outcome = await this.#try(url, read);
      if (outcome === undefined || "value" in outcome) return outcome;
      const waitMs = Math.max(outcome.waitMs ?? 0, backOffMs(tries, this.#parts.time.chance()));
      if (tries >= DOWNLOAD_TRIES_MAX) throw this.#exhausted(url, outcome.why, tries);
      if (waitMs > DOWNLOAD_WAIT_MS_MAX) throw this.#tooLong(url, outcome.why, waitMs);
      this.#retries += 1;
      await this.#wait(waitMs, outcome.why);
    }
  }

  async #try<T>(url: URL, read: ReadAnswer<T>): Promise<{ readonly value: T } | Failure | undefined> {
    this.#pacing.begin();
    this.#requests += 1;
    try {
      const response = await this.#fetch(url);
      const text = await readBody(response, this.#at(url));
      if (response.ok) return { value: read(parseBody(text)) };
      return this.#refused(url, response, text);
    } catch (error) {
      if (this.#parts.signal.aborted) throw interrupted();
      if (error instanceof UnsoundAnswer) {
        return { why: this.#withoutSecrets(`its answer is unsound: ${error.message}`), waitMs: undefined };
      }
      if (error instanceof AppError) throw error;
      return { why: brokenConnection(error), waitMs: undefined };
    }
  }

  /** A redirect is not followed: it would carry the key elsewhere. */
  async #fetch(url: URL): Promise<Response> {
    const headers = { accept: "application/json", "user-agent": "tapedeck", ...this.#parts.credentials.headers };
    const signal = AbortSignal.any([this.#parts.signal, AbortSignal.timeout(REQUEST_MS_MAX)]);
    return fetch(url, { headers, redirect: "manual", signal });
  }

  /** A failure to try again after, undefined for 404, or the fault that trying again would not mend. */
  #refused(url: URL, { status, headers }: Response, text: string): Failure | undefined {
    const said = messageIn(text);
    const quoted = said === undefined ? "" : `: ${JSON.stringify(printable(this.#withoutSecrets(said), QUOTED_MAX))}`;
    const why = `it answered ${status}${quoted}`;
    const nowMs = this.#parts.time.now();
    const waitMs = retryAfterMs(headers, nowMs);
    // The time of a limit's reset comes with every answer: only where the limit is reached is it a reason to wait.
    if (status === 429) return { why, waitMs: waitMs ?? limitResetMs(headers, nowMs) };
    if (status === 408 || status >= 500) return { why, waitMs };
    if (status === 404) return undefined;
    const where = `${this.#at(url)} answered ${status}${quoted}`;
    if (status === 401 || status === 403) throw new DownloadFault("job", `${where}. ${this.#keyAdvice()}`);
    if (status === 400 || status === 422) {
      throw new DownloadFault("symbol", `${where}. Correct what was asked for: the symbol, dates, timeframe or feed.`);
    }
    throw new DownloadFault("job", `${where}. See that the address is the provider's.`);
  }

  #keyAdvice(): string {
    return `See to the key in ${this.#parts.credentials.source}, and to what its plan may ask for.`;
  }

  #exhausted(url: URL, why: string, tries: number): DownloadFault {
    const advice = "Look at the network and the provider's status; the same command goes on from here.";
    return new DownloadFault("job", `${this.#at(url)} was asked ${tries} times; the last time ${why}. ${advice}`);
  }

  #tooLong(url: URL, why: string, waitMs: number): DownloadFault {
    const wait = `It asks to wait ${Math.ceil(waitMs / MINUTE_MS)} minutes`;
    return new DownloadFault("job", `${this.#at(url)}: ${why}. ${wait}: give the same command again then.`);
  }

  async #wait(ms: number, why: string): Promise<void> {
    if (this.#parts.signal.aborted) throw interrupted();
    if (ms <= 0) return;
    this.#parts.onWait(ms, why);
    try {
      await this.#parts.time.wait(ms, this.#parts.signal);
    } catch (error) {
      throw this.#parts.signal.aborted ? interrupted() : error;
    }
  }

  /** The address as messages show it: its query may hold tokens. */
  #at(url: URL): string {
    return printable(this.#withoutSecrets(`${this.#parts.provider}: ${url.origin}${url.pathname}`), QUOTED_MAX);
  }

  #withoutSecrets(text: string): string {
    return this.#parts.credentials.secrets.reduce((rest, secret) => rest.replaceAll(secret, "(key)"), text);
  }
}

/** Fetch wraps what happened to the connection in errors that only say that it failed. */
function brokenConnection(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && cause.name === "TimeoutError") return `it did not answer in ${REQUEST_MS_MAX / 1000} s`;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return `the connection broke (${code === "" ? printable(String(cause), QUOTED_MAX) : code})`;
}
