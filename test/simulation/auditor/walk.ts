/** The auditor: walks every instant at which anything can happen, in the order of R5, and writes down what should have. */
import { assert, instant, type Instant } from "../../../src/kernel/index.ts";
import { closingAuction, expireOrders } from "./auctions-and-ends.ts";
import { figuresOf } from "./books.ts";
import { act } from "./commands.ts";
import { startOfDay } from "./corporate-actions.ts";
import { checkMargins, closeOfSession, complete } from "./day-end.ts";
import { endBar } from "./end-phase.ts";
import { edgesBetween } from "./hours.ts";
import { endLeftovers, openBar } from "./open-phase.ts";
import { barsOf, moneyBars } from "./tape.ts";
import { isAnnouncedOpen } from "./tickets.ts";
import { emit, type AuditBar, type AuditCase, type World } from "./types.ts";

export function audit(given: AuditCase): World {
  const world: World = {
    given,
    config: given.config,
    symbols: Object.keys(given.market.bars).toSorted(),
    bars: moneyBars(given.market.bars),
    now: given.start,
    tickets: [],
    books: [],
    taken: new Map(),
    expected: [],
    findings: [],
    snapshots: [],
    isLost: false,
  };
  const byStart = barsAt(world, "start");
  const byEnd = barsAt(world, "end");
  for (const now of instantsOf(world)) {
    world.now = now;
    beforeCommands(world, byEnd.get(now) ?? []);
    for (const told of given.told) if (told.at === now && !world.isLost) act(world, told);
    if (world.isLost) break;
    if (now < given.until) afterCommands(world, byStart.get(now) ?? []);
    world.snapshots.push({ at: now, accounts: world.books.map((book) => figuresOf(world, book)) });
  }
  return world;
}

/** Steps 1 to 4 of R5, and the books of the day's end. */
function beforeCommands(world: World, ending: readonly AuditBar[]): void {
  startOfDay(world);
  openTickets(world);
  for (const bar of ending) endBar(world, bar);
  closingAuction(world);
  expireOrders(world);
  checkMargins(world, ending);
  closeOfSession(world);
  if (world.now === world.given.end) complete(world);
}

/** Steps 6 and 7: they stay pending until the clock moves on. */
function afterCommands(world: World, starting: readonly AuditBar[]): void {
  for (const bar of starting) openBar(world, bar);
  endLeftovers(world);
}

/** Orders that waited for the venue to open. */
function openTickets(world: World): void {
  for (const ticket of world.tickets) {
    const isDue = ticket.opensAt === world.now && ticket.at < world.now;
    if (isDue && isAnnouncedOpen(ticket)) emit(world, { kind: "order_opened", at: world.now, order: ticket.ordinal });
  }
}

/** Bars by one of their edges, in byte order of their symbols. */
function barsAt(world: World, edge: "start" | "end"): ReadonlyMap<Instant, readonly AuditBar[]> {
  const found = new Map<Instant, AuditBar[]>();
  for (const symbol of world.symbols) {
    for (const bar of barsOf(world, symbol)) found.set(bar[edge], [...(found.get(bar[edge]) ?? []), bar]);
  }
  return found;
}

function instantsOf(world: World): readonly Instant[] {
  const { start, end, until, told } = world.given;
  const last = instant(Math.min(end, until));
  const all = new Set<Instant>([start, last, ...edgesBetween(start, last), ...told.map(({ at }) => at)]);
  for (const bars of world.bars.values()) for (const bar of bars) all.add(bar.start).add(bar.end);
  const instants = [...all].filter((at) => at >= start && at <= last).toSorted((a, b) => a - b);
  assert(
    told.every(({ at }) => at <= last),
    "no command comes after the end",
  );
  return instants;
}
