/** One session as the page sees it: signals, fed by the stream of its events and by what that says has changed. */
import { computed, signal } from "@preact/signals";
import { client } from "../api/access.ts";
import { followEvents, type StreamEvent } from "../api/event-stream.ts";
import { wordsOf } from "../api/errors.ts";
import type { Account, Position, Session, TradeAccount } from "../api/types.ts";
import { exchangeDate } from "../format/times.ts";
import { marketDaysOf, phaseAt, type MarketDay } from "./market-days.ts";
import { EMPTY_TAPE, isOpen, reduce } from "./session-reducer.ts";

/** Milliseconds between two repaints at most: ten a second. */
const PAINT_MS = 100;

/** Milliseconds between two looks at the money while the clock runs. */
const MONEY_MS = 500;

/** Days of the calendar beyond the session's end, so that the next open is known there too. */
const DAYS_BEYOND = 14;

export type SessionStore = ReturnType<typeof createSessionStore>;

/** Opens a session; `close` ends its stream. */
export function createSessionStore(id: string) {
  const known = createSignals();
  const looks = createLooks(id, known);
  const stopped = new AbortController();
  void open(id, known, { looks, stopped: stopped.signal });
  return {
    id,
    ...known,
    /** Looks anew at what a command has changed. */
    refresh: (): void => {
      looks.session();
      looks.money();
    },
    close: (): void => {
      stopped.abort();
    },
  };
}

type Known = ReturnType<typeof createSignals>;

function createSignals() {
  const session = signal<Session | undefined>(undefined);
  const tape = signal(EMPTY_TAPE);
  const days = signal<readonly MarketDay[]>([]);
  const accounts = signal<readonly Account[] | undefined>(undefined);
  const clock = computed(() => tape.value.clock ?? clockOf(session.value));
  return {
    session,
    tape,
    clock,
    days,
    phase: computed(() => phaseAt(days.value, clock.value ?? Number.NaN)),
    accounts,
    /** The first that was opened: they are listed from the newest down. */
    account: computed(() => accounts.value?.at(-1)),
    money: signal<TradeAccount | undefined>(undefined),
    positions: signal<readonly Position[]>([]),
    openOrders: computed(() => [...tape.value.orders.values()].filter(isOpen)),
    link: signal<"opening" | "open" | "waiting" | "refused">("opening"),
    problem: signal<string | undefined>(undefined),
  };
}

const clockOf = (session: Session | undefined): number | undefined =>
  session === undefined ? undefined : Date.parse(session.current_time);

type Looks = ReturnType<typeof createLooks>;

/** What the events only say has changed is asked for, but not more often than it can be read. */
function createLooks(id: string, { session, accounts, account, money, positions }: Known) {
  const lookAtMoney = async (): Promise<void> => {
    if (account.value === undefined) accounts.value = await client.accounts(id);
    const { value: own } = account;
    if (own === undefined) return;
    [money.value, positions.value] = await Promise.all([client.tradeAccount(id, own.id), client.positions(id, own.id)]);
  };
  const lookAtSession = async (): Promise<void> => {
    session.value = await client.session(id);
  };
  return { session: throttled(lookAtSession, PAINT_MS), money: throttled(lookAtMoney, MONEY_MS) };
}

interface Opening {
  readonly looks: Looks;
  readonly stopped: AbortSignal;
}

async function open(id: string, known: Known, { looks, stopped }: Opening): Promise<void> {
  try {
    const session = await client.session(id);
    known.session.value = session;
    const [from, to] = [Date.parse(session.simulation_start), Date.parse(session.simulation_end)];
    const until = exchangeDate(to + DAYS_BEYOND * 86_400_000);
    known.days.value = marketDaysOf(await client.calendar(exchangeDate(from), until));
    looks.money();
    stopWith(stopped, follow(id, known, { looks, since: session.simulation_start }));
  } catch (error) {
    known.link.value = "refused";
    known.problem.value = wordsOf(error);
  }
}

function stopWith(stopped: AbortSignal, stop: () => void): void {
  if (stopped.aborted) stop();
  else stopped.addEventListener("abort", stop);
}

/** The past comes first, but for its bars: all orders and fills there were. */
function follow(
  id: string,
  { tape, link, problem }: Known,
  { looks, since }: { readonly looks: Looks; readonly since: string },
): () => void {
  let waiting: StreamEvent[] = [];
  const paint = throttled(() => {
    const before = tape.value;
    tape.value = reduce(before, waiting);
    waiting = [];
    if (tape.value.sessionChanges !== before.sessionChanges) looks.session();
    if (tape.value.moneyChanges !== before.moneyChanges || tape.value.clock !== before.clock) looks.money();
    return Promise.resolve();
  }, PAINT_MS);
  return followEvents({
    open: (last, stopping) =>
      client.events(id, last === undefined ? { since } : {}, {
        signal: stopping,
        headers: last === undefined ? {} : { "last-event-id": last },
      }),
    onEvents: (events) => {
      waiting.push(...events);
      paint();
    },
    onState: (state, error) => {
      link.value = state;
      problem.value = error === undefined ? undefined : wordsOf(error);
    },
  });
}

/** Runs at once, then at most once in a while, and once more if it was asked for meanwhile; what fails is asked again later. */
function throttled(work: () => Promise<void>, ms: number): () => void {
  const state = { isResting: false, isWanted: false };
  const run = async (): Promise<void> => {
    state.isResting = true;
    state.isWanted = false;
    await Promise.allSettled([work(), new Promise((resolve) => setTimeout(resolve, ms))]);
    state.isResting = false;
    if (state.isWanted) void run();
  };
  return () => {
    if (state.isResting) state.isWanted = true;
    else void run();
  };
}
