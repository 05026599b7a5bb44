/** Imports on the wire: what was sent, what it would become, how far it is, and what was refused. */
import { Type, type Static } from "typebox";
import { formatInstant, instant } from "../../kernel/index.ts";
import type { FilePreview, ImportJob, ImportReport } from "../../sessions/index.ts";
import { nullable, Time } from "../wire/schemas.ts";

const text = (description: string): ReturnType<typeof optionalText> => optionalText(description);
const optionalText = (description: string) =>
  Type.Optional(nullable(Type.String({ maxLength: OPTION_LENGTH_MAX, description })));

/** The longest is a list of columns. */
const OPTION_LENGTH_MAX = 4096;

export const ImportBody = Type.Object(
  {
    symbol: text("The symbol of a file that holds one; of a file of many, those to take, by comma."),
    timeframe: text("1Min to 59Min, 1Hour to 23Hour, or 1Day; default: what the file says."),
    format: text("The name of a format; default: what the content says."),
    timezone: text("Zone of times without an offset, an IANA name."),
    time_format: text("How times are written; default iso."),
    columns: text("timestamp=Time,open=Open,… with a header; timestamp,open,-,… without one."),
    on_conflict: text("fail (default), keep or replace: days that contradict the catalog."),
    adjusted: Type.Optional(nullable(Type.Boolean({ description: "Whether the prices are adjusted." }))),
  },
  { additionalProperties: false, description: "The options of `tapedeck data import`." },
);

const RefusedRowView = Type.Object({ line: Type.Integer(), reason: Type.String(), message: Type.String() });
const FaultView = Type.Object({ code: Type.String(), message: Type.String() });

export const PreviewView = Type.Object(
  {
    file: Type.String({ description: "Of an archive, its first file." }),
    format: nullable(Type.String()),
    timeframe: nullable(Type.String({ description: "Null where only all rows tell it." })),
    lines: Type.Array(Type.String(), { description: "The first lines as they are; none of a binary file." }),
    columns: Type.Array(
      Type.Object({ name: Type.String(), role: nullable(Type.String({ description: "By its usual name." })) }),
    ),
    rows: Type.Array(
      Type.Object({
        symbol: Type.String(),
        t: Time,
        o: Type.Number(),
        h: Type.Number(),
        l: Type.Number(),
        c: Type.Number(),
        v: Type.Number(),
      }),
      { description: "The first rows as they would be taken." },
    ),
    refused: Type.Array(RefusedRowView),
    problem: nullable(FaultView),
  },
  { description: "What an import would make of the file's beginning." },
);

const Count = Type.Integer();

const ReportView = Type.Object({
  format: Type.String(),
  timeframe: Type.String(),
  rows_read: Count,
  rows_accepted: Count,
  rows_refused: Count,
  rows_added: Count,
  unchanged: Type.Boolean({ description: "The catalog had everything already." }),
  series: Type.Array(
    Type.Object({
      symbol: Type.String(),
      timeframe: Type.String(),
      rows: Count,
      added: Count,
      adjusted: Type.Boolean(),
      days_kept: Count,
      days_replaced: Count,
    }),
  ),
  actions: Type.Object({ read: Count, added: Count, replaced: Count }),
  sample_replaced: Type.Array(Type.String(), { description: "Symbols that were the built-in sample's until now." }),
  reasons: Type.Array(Type.Object({ reason: Type.String(), rows: Count })),
  refused: Type.Array(RefusedRowView, { description: "The first hundred." }),
  warnings: Type.Array(Type.Object({ check: Type.String(), count: Count }), {
    description: "The checks of `tapedeck data verify`, over the bars that were taken.",
  }),
});

export const ImportView = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    name: Type.String(),
    bytes: Count,
    state: Type.Enum(["ready", "waiting", "running", "done", "failed", "canceled"], {
      description: "ready: waits for its options; waiting: for imports before it.",
    }),
    created_at: Time,
    started_at: nullable(Time),
    ended_at: nullable(Time),
    progress: nullable(
      Type.Object({
        phase: Type.Enum(["reading", "writing"]),
        done: Type.Integer({ description: "Bytes of the file while it reads, years of series while it writes." }),
        total: Count,
      }),
    ),
    report: nullable(ReportView),
    error: nullable(FaultView),
  },
  { description: "A file that was sent to be imported." },
);

const timeOf = (at: number | undefined): string | null => (at === undefined ? null : formatInstant(instant(at)));

export const presentImport = (job: ImportJob): Static<typeof ImportView> => ({
  id: job.id,
  name: job.name,
  bytes: job.bytes,
  state: job.state,
  created_at: formatInstant(instant(job.createdAt)),
  started_at: timeOf(job.startedAt),
  ended_at: timeOf(job.endedAt),
  progress: job.progress === undefined ? null : { ...job.progress },
  report: job.report === undefined ? null : presentReport(job.report),
  error: job.fault === undefined ? null : { ...job.fault },
});

const presentReport = (report: ImportReport): Static<typeof ReportView> => ({
  format: report.format,
  timeframe: report.timeframe,
  rows_read: report.rowsRead,
  rows_accepted: report.rowsAccepted,
  rows_refused: report.rowsRefused,
  rows_added: report.rowsAdded,
  unchanged: report.isUnchanged,
  series: report.series.map((each) => ({
    symbol: each.symbol,
    timeframe: each.timeframe,
    rows: each.rows,
    added: each.added,
    adjusted: each.isAdjusted,
    days_kept: each.daysKept.length,
    days_replaced: each.daysReplaced.length,
  })),
  actions: { ...report.actions },
  sample_replaced: [...report.sampleReplaced],
  reasons: report.reasons.map(({ reason, rows }) => ({ reason, rows })),
  refused: report.refused.map(({ line, reason, message }) => ({ line, reason, message })),
  warnings: report.warnings.counts.map(({ check, count }) => ({ check, count })),
});

export const presentPreview = (preview: FilePreview): Static<typeof PreviewView> => ({
  file: preview.file,
  format: preview.format ?? null,
  timeframe: preview.timeframe ?? null,
  lines: [...preview.lines],
  columns: preview.columns.map(({ name, role }) => ({ name, role: role ?? null })),
  rows: preview.rows.map(({ symbol, start, open, high, low, close, volume }) => ({
    symbol,
    t: formatInstant(instant(start)),
    o: open,
    h: high,
    l: low,
    c: close,
    v: volume,
  })),
  refused: preview.refused.map(({ line, reason, message }) => ({ line, reason, message })),
  problem: preview.problem === undefined ? null : { code: preview.problem.code, message: preview.problem.message },
});
