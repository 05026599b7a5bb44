/** Holds what the engine did against what the auditor expected, and names the first difference. */
import type { EngineEvent } from "../../../src/engine/index.ts";
import { formatInstant, formatUnits, type Instant } from "../../../src/kernel/index.ts";
import { ticketOf } from "./groups.ts";
import type { Expected, Figures, Snapshot, World } from "./types.ts";

export interface Difference {
  readonly at: Instant;
  /** The order, account or figure that it is about. */
  readonly about: string;
  readonly engine: string;
  readonly auditor: string;
}

export interface EngineSide {
  readonly events: readonly EngineEvent[];
  readonly snapshots: readonly Snapshot[];
}

/** Kinds that are none of the auditor's business. */
const IGNORED: readonly EngineEvent["kind"][] = [
  "session_created",
  "session_renamed",
  "session_extended",
  "playback_started",
  "playback_paused",
  "playback_speed_set",
  "account_updated",
];

/** The earliest difference, or undefined where both agree in everything. */
export function compare(engine: EngineSide, world: World): Difference | undefined {
  const events = engine.events.filter(({ kind }) => !IGNORED.includes(kind));
  const found = [...laneDifferences(events, world), ...fillOrderDifferences(events, world)];
  const figures = figureDifference(engine.snapshots, world);
  if (figures !== undefined) found.push(figures);
  return found.toSorted((a, b) => a.at - b.at)[0];
}

/** What happened to each order and each account, in its own order. */
function laneDifferences(events: readonly EngineEvent[], world: World): Difference[] {
  const theirs = byLane(events);
  const ours = byLane(world.expected);
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((about) => {
    const difference = laneDifference(theirs.get(about) ?? [], ours.get(about) ?? []);
    return difference === undefined ? [] : [{ ...difference, about }];
  });
}

function byLane<T extends EngineEvent | Expected>(events: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const lanes = new Map<string, T[]>();
  for (const event of events) {
    const lane = laneOf(event);
    lanes.set(lane, [...(lanes.get(lane) ?? []), event]);
  }
  return lanes;
}

const laneOf = (event: EngineEvent | Expected): string => {
  if ("order" in event && event.order !== undefined) return `order ${event.order}`;
  return "account" in event && event.account !== undefined ? `account ${event.account}` : "session";
};

function laneDifference(
  theirs: readonly EngineEvent[],
  ours: readonly Expected[],
): Omit<Difference, "about"> | undefined {
  for (let index = 0; index < Math.max(theirs.length, ours.length); index += 1) {
    const [their, our] = [theirs[index], ours[index]];
    if (their !== undefined && our !== undefined && isSame(their, our)) continue;
    return {
      at: Math.min(their?.at ?? Infinity, our?.at ?? Infinity) as Instant,
      engine: textOf(their),
      auditor: textOf(our),
    };
  }
  return undefined;
}

/** Fields that the auditor does not name are not compared; nothing and zero are the same. */
function isSame(their: EngineEvent, our: Expected): boolean {
  const fields = their as unknown as Record<string, unknown>;
  return Object.entries(our).every(([field, value]) => plain(fields[field]) === plain(value));
}

const plain = (value: unknown): unknown => {
  // Members of a group go together; whose cancel came first is no one's business.
  if (value === "sibling_canceled") return "asked";
  if (value === undefined || value === 0n) return "";
  return typeof value === "object" ? JSON.stringify(value, shown) : value;
};

/** Fills of one instant come in the order of R5, whoever they belong to. */
function fillOrderDifferences(events: readonly EngineEvent[], world: World): Difference[] {
  const lineOf = (event: EngineEvent | Expected): string =>
    "order" in event ? `${formatInstant(event.at)} fill of order ${String(event.order)}` : "";
  const isFill = ({ kind }: { readonly kind: string }): boolean => kind === "order_filled";
  const [theirs, ours] = [events.filter(isFill), world.expected.filter(isFill)];
  const index = theirs.findIndex((event, at) => lineOf(event) !== lineOf(ours[at] ?? event));
  const [their, our] = [theirs[index], ours[index]];
  if (their === undefined || our === undefined) return [];
  const at = Math.min(their.at, our.at) as Instant;
  return [{ at, about: "the order of fills", engine: lineOf(their), auditor: lineOf(our) }];
}

/** Cash, holdings, realised profit and equity after every instant at which the engine did anything. */
function figureDifference(snapshots: readonly Snapshot[], world: World): Difference | undefined {
  for (const { at, accounts } of snapshots) {
    const last = world.snapshots.findLast((snapshot) => snapshot.at <= at);
    // Equity moves with the clock alone, so it is compared where both looked at the same time.
    const hasEquity = last?.at === at;
    for (const [index, theirs] of accounts.entries()) {
      const [engine, auditor] = [figuresText(theirs, hasEquity), figuresText(last?.accounts[index], hasEquity)];
      if (engine !== auditor) return { at, about: `figures of account ${index + 1}`, engine, auditor };
    }
  }
  return undefined;
}

function figuresText(figures: Figures | undefined, hasEquity: boolean): string {
  if (figures === undefined) return "nothing";
  const { cash, realized, equity, holdings } = figures;
  const held = Object.entries(holdings).map(([symbol, text]) => `${symbol} ${text}`);
  const equityText = hasEquity ? `, equity ${formatUnits(equity)}` : "";
  return `cash ${formatUnits(cash)}, realised ${formatUnits(realized)}${equityText}, ${held.join("; ")}`;
}

const TIMES = ["at", "effectiveAt", "opensAt", "expiresAt", "barStart", "paysAt", "triggeredBy"];

function shown(field: string, value: unknown): unknown {
  if (typeof value === "bigint") return formatUnits(value);
  return TIMES.includes(field) && typeof value === "number" ? formatInstant(value as Instant) : value;
}

export const textOf = (event: object | undefined): string =>
  event === undefined ? "nothing" : JSON.stringify(event, shown);

/** One difference as a paragraph. */
export function describeDifference(difference: Difference, world: World): string {
  const { at, about, engine, auditor } = difference;
  const order = /^order (\d+)$/.exec(about);
  const lines = [`${formatInstant(at)} ${about}`, `  engine:  ${engine}`, `  auditor: ${auditor}`];
  if (order !== null && world.tickets.length >= Number(order[1])) {
    const { symbol, side, type, timeInForce, role, account } = ticketOf(world, Number(order[1]));
    lines.push(`  account ${account}: ${side} ${symbol} ${type} ${timeInForce} ${role ?? ""}`);
  }
  return lines.join("\n");
}
