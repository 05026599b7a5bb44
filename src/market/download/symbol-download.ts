/** One symbol of a download: its bars stretch by stretch, its corporate actions, its asset; each kept as it is complete. */
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { dateFromDays, daysOf, instant, type CivilDate, type Instant } from "../../kernel/index.ts";
import { ASSETS_TABLE } from "../assets/assets-table.ts";
import { commitSeries, type CommittedSeries } from "../catalog/commit.ts";
import { RefusedRows } from "../import/refused-rows.ts";
import { settleRows } from "../import/settle-rows.ts";
import { lowerBound, newColumns, type Columns } from "../series/columns.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { commitTable, type NewRows } from "../tables/table-file.ts";
import { DownloadFault } from "./download-fault.ts";
import { settledUntil, type DownloadPlan } from "./download-options.ts";
import type { ActionsReport, SymbolReport } from "./download-report.ts";
import { writeJob, type DoneStretch, type JobKey, type JobRecord } from "./job-file.ts";
import type { BarsAsked, Provider } from "./provider.ts";
import { StretchRows } from "./stretch-rows.ts";
import type { Stretch } from "./stretches.ts";

export interface SymbolParts {
  readonly marketDir: string;
  readonly plan: DownloadPlan;
  readonly provider: Provider;
  readonly key: JobKey;
  readonly now: () => Instant;
  readonly isWithActions: boolean;
  readonly isWithAsset: boolean;
  readonly lockWaitMs: number | undefined;
  /** A page has come; the instant is the start of its last bar. */
  readonly onPage: (stretch: Stretch, last: Instant | undefined, received: number) => void;
  readonly onStretch: (stretch: Stretch, bars: number, added: number) => void;
}

/** What came of a symbol, without what its requests say. */
export type SymbolOutcome = Omit<SymbolReport, "requests" | "retries" | "daysKnown" | "failure">;

export class SymbolDownload {
  readonly #parts: SymbolParts;
  readonly #refused = new RefusedRows();
  #record: JobRecord;
  #received = 0;
  #added = 0;
  #completed = 0;
  #actions: ActionsReport | undefined;
  #asset: SymbolReport["asset"];

  /** `record` is what an earlier run has completed, and what is still believed of it. */
  constructor(parts: SymbolParts, record: JobRecord) {
    this.#parts = parts;
    this.#record = record;
  }

  /** Throws DownloadFault, and AppError "interrupted" or what the catalog throws; what is complete stays. */
  async run(stretches: readonly Stretch[]): Promise<void> {
    for (const stretch of stretches) await this.#fetch(stretch);
    if (this.#parts.isWithActions) await orWithout("--no-actions", this.#fetchActions());
    if (this.#parts.isWithAsset) await orWithout("--no-assets", this.#fetchAsset());
  }

  outcome(): SymbolOutcome {
    return {
      symbol: this.#parts.key.symbol,
      received: this.#received,
      added: this.#added,
      completed: this.#completed,
      refused: this.#refused.count,
      refusedBars: this.#refused.rows(),
      reasons: this.#refused.totals(),
      actions: this.#actions,
      asset: this.#asset,
    };
  }

  async #fetch(stretch: Stretch): Promise<void> {
    const { plan, provider, key, now, onPage } = this.#parts;
    const nowAt = now();
    const today = newYorkDate(nowAt);
    const from = newYorkMidnight(stretch.from);
    const end = newYorkMidnight(dayAfter(stretch.to));
    const settled = settledUntil(plan.timeframe, nowAt, newYorkMidnight(today));
    const asked: BarsAsked = {
      symbol: key.symbol,
      timeframe: plan.timeframe,
      from,
      until: instant(Math.min(end, settled)),
    };
    if (asked.until <= from) return this.#parts.onStretch(stretch, 0, 0);
    const rows = new StretchRows(asked, this.#refused);
    for await (const page of provider.barPages(asked)) {
      rows.take(page);
      onPage(stretch, rows.last, page.length);
    }
    this.#received += rows.received;
    const columns = settleRows(rows.collector, plan.timeframe, this.#refused);
    const { added, daysKept } = await this.#commit(columns);
    // A day that was kept may have fewer bars than came: then their number tells nothing of what the catalog has.
    await this.#remember(stretch, daysKept.length > 0 ? newColumns(0) : columns, today);
    this.#parts.onStretch(stretch, rows.received, added);
  }

  async #commit(columns: Columns): Promise<Pick<CommittedSeries, "added" | "daysKept">> {
    if (columns.rows === 0) return { added: 0, daysKept: [] };
    const { marketDir, plan, provider, key, lockWaitMs } = this.#parts;
    const series = { symbol: key.symbol, timeframe: key.timeframe, columns, source: provider.source };
    const options = { onConflict: plan.onConflict, ...(lockWaitMs === undefined ? {} : { lockWaitMs }) };
    const [committed] = await commitSeries(marketDir, [series], options);
    this.#added += committed?.added ?? 0;
    this.#completed += committed?.completed ?? 0;
    return committed ?? { added: 0, daysKept: [] };
  }

  /** A day that was not over when it was asked for is asked for again. */
  async #remember(stretch: Stretch, columns: Columns, today: CivilDate): Promise<void> {
    const yesterday = dateFromDays(daysOf(today) - 1);
    const to = stretch.to > yesterday ? yesterday : stretch.to;
    if (to < stretch.from) return;
    const bars = lowerBound(columns, newYorkMidnight(dayAfter(to)));
    await this.#write({
      ...this.#record,
      stretches: withStretch(this.#record.stretches, { from: stretch.from, to, bars }),
    });
  }

  async #write(record: JobRecord): Promise<void> {
    this.#record = record;
    await writeJob(this.#parts.marketDir, this.#parts.key, record);
  }

  /** Those of the time from the first bar to this day; asked for once a day. */
  async #fetchActions(): Promise<void> {
    const { provider, key, plan, now } = this.#parts;
    const today = newYorkDate(now());
    const from = plan.span.from;
    const known = this.#record.actions;
    if (known !== undefined && known.from <= from && known.on === today) return;
    const { rows, leftOut } = await provider.actions({ symbol: key.symbol, from, to: today });
    const byKey = new Map(rows.map((row) => [ACTIONS_TABLE.keyOf(row), row]));
    const { added, replaced } = await this.#commitTable({ kind: ACTIONS_TABLE, rows: byKey });
    this.#actions = { received: rows.length, added, replaced, leftOut: Object.fromEntries(leftOut) };
    await this.#write({ ...this.#record, actions: { from, on: today } });
  }

  async #fetchAsset(): Promise<void> {
    const { provider, key, plan, now } = this.#parts;
    const today = newYorkDate(now());
    if (this.#record.asset?.on === today) return;
    const row = await provider.asset(key.symbol, plan.span.to);
    if (row === undefined) this.#asset = "unknown";
    else {
      const { added, replaced } = await this.#commitTable({ kind: ASSETS_TABLE, rows: new Map([[key.symbol, row]]) });
      this.#asset = added > 0 ? "new" : replaced > 0 ? "changed" : "unchanged";
    }
    await this.#write({ ...this.#record, asset: { on: today } });
  }

  async #commitTable<Row extends object>(
    rows: Pick<NewRows<Row>, "kind" | "rows">,
  ): Promise<{ readonly added: number; readonly replaced: number }> {
    if (rows.rows.size === 0) return { added: 0, replaced: 0 };
    const { marketDir, provider, lockWaitMs } = this.#parts;
    return commitTable(marketDir, { ...rows, path: provider.source, lockWaitMs });
  }
}

/** Bars are what matters most: who cannot have the rest is told how to go on without. */
async function orWithout(option: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DownloadFault)) throw error;
    throw new DownloadFault(error.scope, `${error.message} Or leave this out with ${option}.`, error);
  }
}

const dayAfter = (date: CivilDate): CivilDate => dateFromDays(daysOf(date) + 1);

/** Stretches that are fetched anew, whole, take the place of what was known of their days. */
const withStretch = (known: readonly DoneStretch[], stretch: DoneStretch): readonly DoneStretch[] =>
  [...known, stretch].toSorted((a, b) => daysOf(a.from) - daysOf(b.from));
