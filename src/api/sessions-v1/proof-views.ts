/** Reports of proofs as JSON: events in the wire's spelling, figures as decimals. */
import { Type, type Static } from "typebox";
import { formatInstant, instant } from "../../kernel/index.ts";
import type {
  Diff,
  Difference,
  Imported,
  PlacedEvent,
  PlainEvent,
  RefusedCommand,
  RunFigures,
  SessionSummary,
  UsedSymbol,
  Verification,
  WhatIf,
  WireIds,
} from "../../sessions/index.ts";
import { Decimal, nullable } from "../wire/schemas.ts";
import { SessionObject } from "./session.ts";

const EventView = Type.Record(Type.String(), Type.Unknown(), {
  description: "An event: kind, at and fields of its kind; decimals as strings, orders and accounts by their numbers.",
});

const DifferenceView = Type.Object(
  {
    seq: Type.Integer({ description: "The entry of the journal." }),
    index: Type.Integer({ description: "The place among its events, from 0." }),
    command: nullable(Type.String({ description: "What was asked; null after the last entry." })),
    was: nullable(EventView),
    now: nullable(EventView),
    refused: nullable(Type.String({ description: "Why there is nothing now." })),
  },
  { description: "The first event that is not the same; null: nothing is there." },
);

const DataView = Type.Array(
  Type.Object({
    symbol: Type.String(),
    from: nullable(Type.String({ format: "date" })),
    to: nullable(Type.String({ format: "date" })),
    days: Type.Integer(),
    bars: Type.Integer(),
    hash: Type.String({ description: "SHA-256 over a line for each day: date, bars, hash." }),
    changed_days: Type.Object({
      total: Type.Integer({ description: "Days that hold other bars in the catalog now, or none." }),
      first: Type.Array(Type.String({ format: "date" })),
    }),
  }),
  { description: "The bars that the session has used." },
);

const FiguresView = Type.Object({
  equity: Decimal,
  cash: Decimal,
  profit: Decimal,
  return: nullable(Type.Number({ description: "Profit as a share of what was put in." })),
  realized_pnl: Decimal,
  orders: Type.Integer(),
  fills: Type.Integer(),
  filled_value: Decimal,
  fees: Decimal,
});

export const ReplayView = Type.Object({
  session_id: Type.String(),
  same: Type.Boolean({ description: "Every event came out as it is on record." }),
  entries: Type.Integer(),
  events: Type.Object({ was: Type.Integer(), now: Type.Integer() }),
  first_difference: nullable(DifferenceView),
  config_changes: Type.Array(Type.Object({ option: Type.String(), was: Type.Unknown(), now: Type.Unknown() })),
  refused: Type.Object({
    total: Type.Integer({ description: "Commands that this run has refused." }),
    first: Type.Array(Type.Object({ seq: Type.Integer(), command: Type.String(), message: Type.String() })),
  }),
  figures: Type.Object({ was: FiguresView, now: FiguresView }),
  data: DataView,
  seconds: Type.Number(),
});

export const VerifyView = Type.Object({
  session_id: Type.String(),
  verified: Type.Boolean({ description: "The chain holds, every event came out again, the data is what was used." }),
  journal_seq: Type.Integer(),
  journal_hash: Type.String(),
  entries: Type.Integer({ description: "Entries that were read and run again." }),
  events: Type.Integer(),
  chain_problem: nullable(Type.String({ description: "Where the chain of hashes breaks." })),
  first_difference: nullable(DifferenceView),
  rules_version: Type.Object({ recorded: Type.Integer(), present: Type.Integer() }),
  data: DataView,
  seconds: Type.Number(),
});

const PlacedView = Type.Object({
  seq: Type.Integer(),
  index: Type.Integer(),
  command: Type.String(),
  event: EventView,
});

const SideView = Type.Object({
  session_id: Type.String(),
  journal_seq: Type.Integer(),
  journal_hash: Type.String(),
});

export const DiffView = Type.Object({
  a: SideView,
  b: SideView,
  same: Type.Boolean(),
  common_entries: Type.Integer({ description: "Entries that both journals begin with." }),
  created_with: Type.Array(Type.Object({ field: Type.String(), a: Type.Unknown(), b: Type.Unknown() }), {
    description: "Fields and options of their creation that differ.",
  }),
  same_events: Type.Integer({ description: "Events after the common entries that are the same." }),
  first_difference: nullable(Type.Object({ a: nullable(PlacedView), b: nullable(PlacedView) })),
});

export const ImportView = Type.Object({
  session: SessionObject,
  exported_by: Type.String(),
  data: DataView,
  bars: nullable(
    Type.Object(
      {
        in_file: Type.Integer(),
        added: Type.Integer({ description: "Bars that the catalog did not have" }),
        symbols: Type.Array(Type.String(), { description: "Symbols of which bars were added" }),
      },
      { description: "null: the file has no bars" },
    ),
  ),
});

/** Fields of events and commands that hold a time. */
const TIMES: ReadonlySet<string> = new Set([
  "at",
  "barStart",
  "clock",
  "effectiveAt",
  "endTime",
  "expiresAt",
  "opensAt",
  "paysAt",
  "startTime",
  "triggeredBy",
]);

const toSnake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function spell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spell);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => {
    if (name === "config") return [name, field as unknown];
    return [toSnake(name), TIMES.has(name) && typeof field === "number" ? formatInstant(instant(field)) : spell(field)];
  });
  return Object.fromEntries(fields) as unknown;
}

/** With `ids` the event is one of the session itself, whose orders and accounts have names on the wire. */
function presentEvent(event: PlainEvent | undefined, ids?: WireIds): Static<typeof EventView> | null {
  if (event === undefined) return null;
  const { order, account, kind } = event;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(spell(event) as Static<typeof EventView>),
    ...(ids !== undefined && typeof order === "number" ? { order_id: ids.order(order) } : {}),
    ...(ids !== undefined && typeof account === "number" ? { account_id: ids.account(account) } : {}),
  };
}

function presentDifference(first: Difference | undefined, ids: WireIds): Static<typeof DifferenceView> | null {
  if (first === undefined) return null;
  const { seq, index, command = null, was, now, refused = null } = first;
  return { seq, index, command, was: presentEvent(was, ids), now: presentEvent(now), refused };
}

const presentData = (data: readonly UsedSymbol[]): Static<typeof DataView> =>
  data.map(({ symbol, from = null, to = null, days, bars, hash, changed, changedTotal }) => ({
    symbol,
    from,
    to,
    days,
    bars,
    hash,
    changed_days: { total: changedTotal, first: [...changed] },
  }));

const presentFigures = (figures: RunFigures): Static<typeof FiguresView> => ({
  equity: figures.equity,
  cash: figures.cash,
  profit: figures.profit,
  return: figures.return ?? null,
  realized_pnl: figures.realizedPnl,
  orders: figures.orders,
  fills: figures.fills,
  filled_value: figures.filledValue,
  fees: figures.fees,
});

const presentRefused = ({
  seq,
  command,
  message,
}: RefusedCommand): Static<typeof ReplayView>["refused"]["first"][number] => ({
  seq,
  command,
  message,
});

export function presentReplay(session: string, report: WhatIf, ids: WireIds): Static<typeof ReplayView> {
  return {
    session_id: session,
    same: report.isSame,
    entries: report.entries,
    events: report.events,
    first_difference: presentDifference(report.first, ids),
    config_changes: report.changes.map(({ option, was, now }) => ({ option, was: was ?? null, now: now ?? null })),
    refused: { total: report.refusedTotal, first: report.refused.map(presentRefused) },
    figures: { was: presentFigures(report.figures.was), now: presentFigures(report.figures.now) },
    data: presentData(report.data),
    seconds: report.seconds,
  };
}

export function presentVerification(session: string, report: Verification, ids: WireIds): Static<typeof VerifyView> {
  return {
    session_id: session,
    verified: report.isProven,
    journal_seq: report.head.seq,
    journal_hash: report.head.hash,
    entries: report.entries,
    events: report.events,
    chain_problem: report.damage ?? null,
    first_difference: presentDifference(report.first, ids),
    rules_version: { ...report.rules },
    data: presentData(report.data),
    seconds: report.seconds,
  };
}

const presentPlaced = (placed: PlacedEvent | undefined, ids: WireIds): Static<typeof PlacedView> | null =>
  placed === undefined
    ? null
    : { seq: placed.seq, index: placed.index, command: placed.command, event: presentEvent(placed.event, ids) ?? {} };

interface DiffSide {
  readonly summary: SessionSummary;
  readonly ids: WireIds;
}

export function presentDiff(report: Diff, a: DiffSide, b: DiffSide): Static<typeof DiffView> {
  const side = ({ summary }: DiffSide): Static<typeof SideView> => ({
    session_id: summary.id,
    journal_seq: summary.lastSeq,
    journal_hash: summary.lastHash,
  });
  const { first } = report;
  const isApart = first.a !== undefined || first.b !== undefined;
  return {
    a: side(a),
    b: side(b),
    same: report.isSame,
    common_entries: report.commonEntries,
    created_with: report.created.map((each) => presentField(each)),
    same_events: report.sameEvents,
    first_difference: isApart ? { a: presentPlaced(first.a, a.ids), b: presentPlaced(first.b, b.ids) } : null,
  };
}

function presentField({ field, a, b }: Diff["created"][number]): Static<typeof DiffView>["created_with"][number] {
  const shown = (value: unknown): unknown => {
    if (typeof value === "number" && TIMES.has(field)) return formatInstant(instant(value));
    return value ?? null;
  };
  return { field: field.startsWith("config.") ? field : toSnake(field), a: shown(a), b: shown(b) };
}

export const presentImport = (
  session: Static<typeof SessionObject>,
  { header, data, bars }: Imported,
): Static<typeof ImportView> => ({
  session,
  exported_by: header.by,
  data: presentData(data),
  bars: bars === undefined ? null : { in_file: bars.bars, added: bars.added, symbols: [...bars.symbols] },
});
