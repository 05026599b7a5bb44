/** Moving a session's clock: load, ask the engine for the next events, apply them, in slices that let others run. */
import { effectiveAt } from "../calendar/index.ts";
import {
  hasDuties,
  isWithin,
  nextEvents,
  postEverything,
  setClock,
  type Agenda,
  type EngineEvent,
  type State,
} from "../engine/index.ts";
import { COMMAND_SLICE_MS, instant, isRefusal, type Instant, type Refusal } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import { actionsOf } from "./market-views.ts";

export interface Advance {
  readonly state: State;
  readonly market: Market;
  /** Not after the session's end. */
  readonly until: Instant;
  /** Series from the clock to a time, as far as memory allows. */
  readonly load: (until: Instant) => LoadedMarket | Refusal | Promise<LoadedMarket | Refusal>;
  /** What is due on these series. */
  readonly agenda: (loaded: LoadedMarket) => Agenda;
  /** Applies an event to the state; at the end of a session no series may be loaded. */
  readonly apply: (event: EngineEvent, loaded?: LoadedMarket) => void;
  /** The advance ends with the instant of the first event of which it is true. */
  readonly stopAt: ((event: EngineEvent) => boolean) | undefined;
  /** Milliseconds that only grow. */
  readonly sliceClock: () => number;
  /** Lets other sessions work. */
  readonly giveWay: () => Promise<void>;
}

/** Steps between two looks at the slice clock: a step is at most some microseconds. */
const STEPS_PER_LOOK = 64;

/** Changes the state; on a refusal the caller throws that state away. */
export async function advanceState(advance: Advance): Promise<readonly EngineEvent[] | Refusal> {
  const { state, until } = advance;
  const events: EngineEvent[] = [];
  while (isBusy(advance)) {
    const loading = advance.load(until);
    const loaded = loading instanceof Promise ? await loading : loading;
    if (isRefusal(loaded)) return loaded;
    const reach = instant(Math.min(until, loaded.coveredUntil));
    const stopped = await runThrough(advance, loaded, { reach, events });
    if (stopped !== undefined) return finish(advance, stopped, events);
    setClock(state, reach);
    if (reach >= until) break;
  }
  return finish(advance, until, events);
}

function finish(advance: Advance, at: Instant, events: EngineEvent[]): readonly EngineEvent[] {
  setClock(advance.state, at);
  if (at >= advance.state.endTime) complete(advance, events);
  return events;
}

/**
 * Gives the instant at which it stopped: of the awaited event, or a millisecond later where it is traded at an open,
 * since opens at a standing clock are pending (R7). All that happens up to then has happened.
 */
async function runThrough(
  advance: Advance,
  loaded: LoadedMarket,
  wanted: { readonly reach: Instant; readonly events: EngineEvent[] },
): Promise<Instant | undefined> {
  const { state, stopAt } = advance;
  let { reach } = wanted;
  let stopped: Instant | undefined;
  const agenda = advance.agenda(loaded);
  let sliceStart = advance.sliceClock();
  for (let count = 1; ; count += 1) {
    const step = nextEvents(agenda, reach);
    if (step === undefined) return stopped;
    setClock(state, step.at);
    for (const event of step.events) {
      advance.apply(event, loaded);
      wanted.events.push(event);
    }
    if (stopped === undefined && stopAt !== undefined && step.events.some(stopAt)) {
      stopped = isWithin(agenda.done, step.at) ? step.at : instant(step.at + 1);
      reach = stopped;
    }
    if (count % STEPS_PER_LOOK === 0 && advance.sliceClock() - sliceStart > COMMAND_SLICE_MS / 2) {
      await advance.giveWay();
      sliceStart = advance.sliceClock();
    }
  }
}

function complete({ state, apply }: Advance, events: EngineEvent[]): void {
  const ending: EngineEvent[] = state.accounts.flatMap((account) => postEverything(account, state.clock));
  if (state.playback.isPlaying) ending.push({ kind: "playback_paused", at: state.clock, reason: "completed" });
  ending.push({ kind: "session_completed", at: state.clock });
  for (const event of ending) apply(event);
  events.push(...ending);
}

/** Whether anything can happen at all: an order, a duty of an account, or what a company does to shares held. */
function isBusy({ state, market, until }: Advance): boolean {
  return state.accounts.some(
    (account) =>
      account.openOrders.size > 0 ||
      hasDuties(account) ||
      [...account.positions.keys()].some((symbol) => hasAction(market, symbol, { after: state.clock, until })),
  );
}

function hasAction(
  market: Market,
  symbol: string,
  { after, until }: { readonly after: Instant; readonly until: Instant },
): boolean {
  return actionsOf(market, symbol).some(({ exDate }) => {
    const at = effectiveAt(exDate);
    return at !== undefined && at > after && at <= until;
  });
}
