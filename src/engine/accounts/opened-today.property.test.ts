import fc from "fast-check";
import { expect, it } from "vitest";
import { HOUR_MS, instant, parseInstant, type Instant } from "../../kernel/index.ts";
import { PagedRows } from "../paged.ts";
import type { Account, Activity, Order, State } from "../state.ts";
import { openedToday } from "./opened-today.ts";

const SYMBOLS = ["A", "B", "C"];
const MORNING = parseInstant("2023-03-07T14:31:00Z") as Instant;

/** A fill, shares that came otherwise, or so many hours of waiting, which may bring the next day. */
const happening = fc.record({
  kind: fc.constantFrom("fill", "fill", "fill", "fill", "entry", "wait"),
  symbol: fc.constantFrom(...SYMBOLS),
  shares: fc.integer({ min: -5, max: 5 }).filter((shares) => shares !== 0),
  cost: fc.integer({ min: 1, max: 10_000 }),
  isAsked: fc.boolean(),
});

interface Desk {
  readonly orders: PagedRows<Order>;
  readonly activities: PagedRows<Activity>;
  readonly positions: Map<string, { readonly qty: bigint }>;
  clock: Instant;
}

const newDesk = (): Desk => ({
  orders: new PagedRows(),
  activities: new PagedRows(),
  positions: new Map(),
  clock: MORNING,
});

const stateOf = ({ orders, clock }: Desk): State => ({ orders, clock }) as unknown as State;
const accountOf = ({ activities, positions }: Desk): Account =>
  ({ activities, positions, openedAt: instant(0) }) as unknown as Account;

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(desk: Desk, { kind, symbol, shares, cost }: Happening): void {
  desk.clock = instant(desk.clock + (kind === "wait" ? Math.abs(shares) * 3 * HOUR_MS : 1));
  if (kind === "wait") return;
  desk.positions.set(symbol, { qty: (desk.positions.get(symbol)?.qty ?? 0n) + BigInt(shares) });
  const { clock: at } = desk;
  if (kind === "entry") return desk.activities.push({ kind: "account_entry", at } as Activity);
  desk.orders.push({ symbol, side: shares > 0 ? "buy" : "sell" } as Order);
  const qty = BigInt(Math.abs(shares));
  desk.activities.push({ kind: "order_filled", at, order: desk.orders.length, qty, cash: BigInt(cost) } as Activity);
}

it("tells what was opened today whether it is asked after every fill or for the first time", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const desk = newDesk();
      const account = accountOf(desk);
      for (const each of happenings) {
        happen(desk, each);
        if (each.isAsked) expect(openedToday(stateOf(desk), account)).toBe(openedToday(stateOf(desk), accountOf(desk)));
      }
    }),
  );
});
