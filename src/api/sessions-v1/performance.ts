/** How a session has done in a glance: what its accounts are worth, what was paid in, and a short curve. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { accountFigures, type Account, type EngineConfig, type State } from "../../engine/index.ts";
import { DAY_MS, parseUnits, SCALE, unitsToNumber } from "../../kernel/index.ts";
import type { SessionHandle } from "../../sessions/index.ts";
import type { HistoryRequest } from "../alpaca/history-query.ts";
import { planHistory, presentHistory, pricesForHistory, type HistoryPlan } from "../alpaca/portfolio-history.ts";
import { accepted } from "../wire/errors.ts";
import { readSession } from "../wire/reading.ts";
import { nullable, refusals } from "../wire/schemas.ts";

/** Enough for a curve of the height of a line of text, and 1 kB. */
const POINTS_MAX = 60;

/** Up to a week the curve has quarters of an hour, beyond it days. */
const QUARTER_HOURS_DAYS_MAX = 7;

/** Accounts that make the curve; a session with more shows its figures alone. */
const CURVE_ACCOUNTS_MAX = 16;

const PerformanceView = Type.Object(
  {
    accounts: Type.Integer(),
    orders: Type.Integer(),
    fills: Type.Integer(),
    equity: nullable(Type.Number({ description: "Dollars of all accounts at the clock; null without accounts." })),
    paid_in: nullable(
      Type.Number({ description: "Dollars that came with the accounts and by transfers, initial positions at cost." }),
    ),
    return: nullable(Type.Number({ description: "equity / paid_in − 1, not weighted by time; null of nothing." })),
    curve: Type.Array(
      Type.Object({
        t: Type.Integer({ description: "Epoch seconds at which the window begins." }),
        equity: Type.Number({ description: "Dollars at its end, or now where it still runs." }),
      }),
      { description: `At most ${POINTS_MAX} points from the first day to the clock.` },
    ),
  },
  { description: "A session in a glance." },
);

type Performance = Static<typeof PerformanceView>;
type Figures = Omit<Performance, "curve">;

export function registerPerformance(
  app: FastifyInstance,
  find: (request: FastifyRequest) => Promise<SessionHandle>,
): void {
  app.get(
    "/v1/sessions/:sessionId/performance",
    {
      schema: {
        tags: ["sessions"],
        summary: "What a session's accounts are worth, and a short curve of it",
        params: Type.Object({ sessionId: Type.String() }),
        response: { 200: PerformanceView, ...refusals(404) },
      },
    },
    async (request) => performanceOf(await find(request)),
  );
}

async function performanceOf(session: SessionHandle): Promise<Performance> {
  const { figures, plans } = await readSession(session, [], ({ state, market }) => {
    const wanted = state.accounts.length > CURVE_ACCOUNTS_MAX ? [] : state.accounts;
    const equities = state.accounts.map((account) => accountFigures(state, account, market).equity);
    return {
      figures: figuresOf(state, equities),
      plans: wanted.map((account) => planHistory(state, account, requestOf(state))),
    };
  });
  return { ...figures, curve: sampled(await curveOf(session, plans)) };
}

function figuresOf({ accounts, orders, config }: State, equities: readonly bigint[]): Figures {
  const fills = accounts.flatMap(({ activities }) =>
    [...activities].filter(({ kind }) => kind === "order_filled"),
  ).length;
  const counts = { accounts: accounts.length, orders: orders.length, fills };
  if (accounts.length === 0) return { ...counts, equity: null, paid_in: null, return: null };
  const equity = equities.reduce((sum, each) => sum + each, 0n);
  const paidIn = accounts.reduce((sum, account) => sum + paidInTo(account, config), 0n);
  return {
    ...counts,
    equity: unitsToNumber(equity),
    paid_in: unitsToNumber(paidIn),
    return: paidIn === 0n ? null : unitsToNumber(equity - paidIn) / unitsToNumber(paidIn),
  };
}

/** Deposits and withdrawals, as Alpaca names them among the activities. */
const TRANSFERS: readonly string[] = ["CSD", "CSW"];

function paidInTo({ initialCash, activities }: Account, { initialPositions }: EngineConfig): bigint {
  const held = initialPositions.reduce(
    (sum, { qty, avgEntryPrice }) => sum + (unitsOf(qty) * unitsOf(avgEntryPrice)) / SCALE,
    0n,
  );
  return [...activities].reduce(
    (sum, activity) =>
      activity.kind === "account_entry" && TRANSFERS.includes(activity.entry) ? sum + activity.netAmount : sum,
    initialCash + held,
  );
}

/** The text has been checked when the session was made. */
function unitsOf(text: string): bigint {
  const units = parseUnits(text);
  return typeof units === "bigint" ? units : 0n;
}

function requestOf({ startTime, clock }: State): HistoryRequest {
  return {
    timeframe: clock - startTime > QUARTER_HOURS_DAYS_MAX * DAY_MS ? "1D" : "15Min",
    reporting: "market_hours",
    start: startTime,
    end: undefined,
    period: { count: 1, unit: "M" },
    hasPeriod: false,
    resetsDaily: false,
    cashflows: undefined,
  };
}

/** What all accounts were worth at the moments that each of them has. */
async function curveOf(session: SessionHandle, plans: readonly HistoryPlan[]): Promise<Performance["curve"]> {
  const sums = new Map<number, number>();
  for (const plan of plans) {
    const { timestamp, equity } = presentHistory(plan, accepted(await session.pastPrices(pricesForHistory(plan))));
    for (const [index, t] of timestamp.entries()) sums.set(t, (sums.get(t) ?? 0) + (equity[index] ?? 0));
  }
  return [...sums].toSorted(([a], [b]) => a - b).map(([t, equity]) => ({ t, equity }));
}

/** Evenly, the first and the last among them. */
function sampled(curve: Performance["curve"]): Performance["curve"] {
  if (curve.length <= POINTS_MAX) return curve;
  return Array.from({ length: POINTS_MAX }, (_, index) => Math.round((index * (curve.length - 1)) / (POINTS_MAX - 1)))
    .map((index) => curve[index])
    .filter((point) => point !== undefined);
}
