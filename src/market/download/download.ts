/** Downloads bars, corporate actions and assets into the catalog, one symbol after the other, and goes on where it stopped. */
import { newYorkDate } from "../../calendar/index.ts";
import { AppError, daysOf, type Instant } from "../../kernel/index.ts";
import { readManifest, type Manifest } from "../catalog/manifest.ts";
import type { Market } from "../market.ts";
import type { Environment } from "./credentials.ts";
import { DownloadFault } from "./download-fault.ts";
import { planDownload, type DownloadPlan, type DownloadWords } from "./download-options.ts";
import type { DownloadNews, DownloadReport, SymbolReport } from "./download-report.ts";
import { readJob, type JobKey, type JobRecord } from "./job-file.ts";
import { keptStretches } from "./kept-stretches.ts";
import { ProviderClient } from "./provider-client.ts";
import { cut, daysIn, missingIn, type Stretch } from "./stretches.ts";
import { SymbolDownload } from "./symbol-download.ts";
import { realWaiting, type Waiting } from "./waiting.ts";

export interface DownloadOptions extends DownloadWords {
  /** Sees the new bars as soon as they are there. */
  readonly market: Market;
  /** Where keys are read from. */
  readonly env: Environment;
  /** Asks for everything again, whatever an earlier run has completed. */
  readonly isRestart?: boolean | undefined;
  /** Default: true. */
  readonly isWithActions?: boolean | undefined;
  /** Default: true. */
  readonly isWithAssets?: boolean | undefined;
  /** Ends the download where it stands; what is complete is kept. */
  readonly signal: AbortSignal;
  readonly onNews?: ((news: DownloadNews) => void) | undefined;
  /** Default: real time. */
  readonly time?: Waiting | undefined;
  /** Milliseconds to wait for another writer of the catalog. */
  readonly lockWaitMs?: number | undefined;
}

/**
 * Throws AppError "bad_argument" (an option is wrong, a key is missing) before anything is asked for. Whatever ends it
 * later, a fault of the provider or the signal ("interrupted"), is the report's fault: what was complete is kept.
 */
export async function downloadBars(options: DownloadOptions): Promise<DownloadReport> {
  const { time = realWaiting, env } = options;
  const plan = planDownload(options, time.now(), env);
  const download = new Download(options, plan, time);
  return download.run();
}

/** A symbol with what is left to do of it. */
interface Task {
  readonly key: JobKey;
  readonly record: JobRecord;
  readonly stretches: readonly Stretch[];
  readonly daysKnown: number;
}

class Download {
  readonly #options: DownloadOptions;
  readonly #plan: DownloadPlan;
  readonly #time: Waiting;
  readonly #client: ProviderClient;
  readonly #notes: string[] = [];
  #daysDone = 0;
  #daysTotal = 0;
  #barsReceived = 0;

  constructor(options: DownloadOptions, plan: DownloadPlan, time: Waiting) {
    this.#options = options;
    this.#plan = plan;
    this.#time = time;
    this.#client = new ProviderClient({
      provider: plan.kind.name,
      credentials: plan.kind.credentialsOf(options.env),
      rate: plan.rate,
      time,
      signal: options.signal,
      onWait: (waitMs, why) => options.onNews?.({ kind: "wait", waitMs, why }),
    });
  }

  async run(): Promise<DownloadReport> {
    const { market } = this.#options;
    const { kind, span, timeframe, feed } = this.#plan;
    const synthetic = new Set(market.assets().flatMap(({ symbol, isSynthetic }) => (isSynthetic ? [symbol] : [])));
    const symbols: SymbolReport[] = [];
    const fault = await this.#runTasks(symbols);
    market.refresh();
    return {
      provider: kind.name,
      feed,
      timeframe: timeframe.name,
      from: span.from,
      to: span.to,
      symbols,
      sampleReplaced: symbols
        .filter(({ symbol, added }) => added > 0 && synthetic.has(symbol))
        .map((one) => one.symbol),
      requests: this.#client.requests,
      retries: this.#client.retries,
      notes: this.#notes,
      fault,
    };
  }

  /** The fault that ended it, if one did. */
  async #runTasks(symbols: SymbolReport[]): Promise<AppError | undefined> {
    const tasks: Task[] = [];
    const manifest = readManifest(this.#options.market.directory);
    for (const symbol of this.#plan.symbols) tasks.push(await this.#task(symbol, manifest));
    this.#daysTotal = tasks.flatMap(({ stretches }) => stretches).reduce((sum, stretch) => sum + daysIn(stretch), 0);
    for (const task of tasks) {
      const report = await this.#runTask(task);
      symbols.push(report);
      if (report.failure !== undefined && endsJob(report.failure)) return report.failure;
    }
    return undefined;
  }

  async #task(symbol: string, manifest: Manifest): Promise<Task> {
    const { market, isRestart = false } = this.#options;
    const { kind, baseUrl, timeframe, feed, span } = this.#plan;
    const key: JobKey = {
      provider: kind.name,
      baseUrl: baseUrl.href,
      symbol,
      timeframe: timeframe.name,
      feed,
      adjustment: "raw",
    };
    const { record, problem } = await readJob(market.directory, key);
    if (problem !== undefined) this.#note(problem);
    const before: JobRecord = isRestart ? { stretches: [] } : record;
    const kept = keptStretches(manifest, key, before.stretches);
    if (kept.length < before.stretches.length) {
      this.#note(`${symbol}: the catalog no longer has all that was downloaded; what is gone is fetched again`);
    }
    const missing = missingIn(span, kept);
    const daysMissing = missing.reduce((sum, stretch) => sum + daysIn(stretch), 0);
    const stretches = missing.flatMap((stretch) => cut(stretch, timeframe));
    return { key, record: { ...before, stretches: kept }, stretches, daysKnown: daysIn(span) - daysMissing };
  }

  async #runTask({ key, record, stretches, daysKnown }: Task): Promise<SymbolReport> {
    const client = this.#client;
    const { requests, retries } = client;
    const { market, isWithActions = true, isWithAssets = true, lockWaitMs } = this.#options;
    const { kind, baseUrl, tradingUrl, feed } = this.#plan;
    const download = new SymbolDownload(
      {
        marketDir: market.directory,
        plan: this.#plan,
        provider: kind.open({ client, baseUrl, tradingUrl, feed }),
        key,
        now: this.#time.now,
        isWithActions,
        isWithAsset: isWithAssets,
        lockWaitMs,
        onPage: (stretch, last, received) => this.#moved(key.symbol, stretch, { last, received }),
        onStretch: (stretch, bars, added) => this.#completed(key.symbol, stretch, { bars, added }),
      },
      record,
    );
    const doneBefore = this.#daysDone;
    const failure = await failureOf(download.run(stretches));
    this.#daysDone = doneBefore + stretches.reduce((sum, stretch) => sum + daysIn(stretch), 0);
    return {
      ...download.outcome(),
      requests: client.requests - requests,
      retries: client.retries - retries,
      daysKnown,
      failure,
    };
  }

  #moved(symbol: string, stretch: Stretch, { last, received }: { last: Instant | undefined; received: number }): void {
    this.#barsReceived += received;
    const date = last === undefined ? stretch.from : newYorkDate(last);
    const daysDone = this.#daysDone + daysOf(date) - daysOf(stretch.from);
    this.#options.onNews?.({ kind: "moved", symbol, date, counts: { ...this.#counts(), daysDone } });
  }

  #completed(symbol: string, stretch: Stretch, came: { readonly bars: number; readonly added: number }): void {
    this.#daysDone += daysIn(stretch);
    const { from, to } = stretch;
    this.#options.onNews?.({ kind: "stretch", symbol, from, to, ...came, counts: this.#counts() });
  }

  #counts(): { readonly daysDone: number; readonly daysTotal: number; readonly barsReceived: number } {
    return { daysDone: this.#daysDone, daysTotal: this.#daysTotal, barsReceived: this.#barsReceived };
  }

  #note(text: string): void {
    this.#notes.push(text);
    this.#options.onNews?.({ kind: "note", text });
  }
}

/** Whether the other symbols would fail as well; what the catalog objects to concerns one. */
const endsJob = (fault: AppError): boolean =>
  fault instanceof DownloadFault ? fault.scope === "job" : fault.code !== "import_failed";

async function failureOf(work: Promise<void>): Promise<AppError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
