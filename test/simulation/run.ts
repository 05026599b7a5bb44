/** Plays a workload on the bare engine, and writes down all that the auditor needs to check it. */
import {
  accountFigures,
  apply,
  checkState,
  createState,
  decide,
  nextEvents,
  openAgenda,
  postEverything,
  setClock,
  type Account,
  type AccountCommand,
  type EngineEvent,
  type LegRole,
  type State,
  type Tape,
} from "../../src/engine/index.ts";
import { cash, instant, isRefusal, SCALE, valueOf, type Instant } from "../../src/kernel/index.ts";
import { submission, submitOrder } from "../../src/engine/orders/submit.ts";
import { compare, type Difference } from "./auditor/compare.ts";
import type { AuditMarket, Figures, Snapshot, Told, World } from "./auditor/types.ts";
import { audit } from "./auditor/walk.ts";
import { tapeOf } from "./tape.ts";
import type { Intent, Workload } from "./workload.ts";

export interface Played {
  readonly state: State;
  readonly events: readonly EngineEvent[];
  readonly told: readonly Told[];
  readonly snapshots: readonly Snapshot[];
}

export interface PlayOptions {
  /** Another market than the workload's. */
  readonly market?: AuditMarket;
  /** Stop here, commands at this very instant included. */
  readonly until?: Instant;
  /** Split every advance at this share of its length. */
  readonly split?: number;
  /** Throw the state away after so many entries of the journal, and go on with their fold. */
  readonly crashAfter?: number;
  /** Leave pattern day traders their extra power, of which the auditor knows nothing. */
  readonly hasDayTradingPower?: boolean;
  /** Let every order go the long way, plain ones too. */
  readonly isLongWay?: boolean;
}

/** One line of the journal that a session would have written. */
interface Entry {
  readonly at: Instant;
  readonly events: readonly EngineEvent[];
}

interface Stage {
  readonly workload: Workload;
  state: State;
  readonly tape: Tape;
  readonly events: EngineEvent[];
  readonly entries: Entry[];
  readonly told: Told[];
  readonly snapshots: Snapshot[];
  /** After so many entries the state is thrown away and folded anew. */
  readonly crashAfter: number | undefined;
  crashed: boolean;
  readonly isLongWay: boolean;
}

export function play(workload: Workload, options: PlayOptions = {}): Played {
  const until = options.until ?? workload.end;
  const stage = openStage(workload, options);
  for (let count = 0; count < workload.accounts; count += 1) {
    tell(stage, { kind: "open_account", initialCash: undefined, profile: "{}" });
    // The extra power of pattern day traders is not the auditor's business: they go without.
    if (workload.config.pdt === "none" || options.hasDayTradingPower === true) continue;
    tell(stage, { kind: "configure_account", account: count + 1, changes: { maxMarginMultiplier: 2 } });
  }
  const ordinals = new Map<number, number>();
  for (const intent of workload.intents) {
    if (intent.at > until || intent.at >= workload.end) break;
    advanceTo(stage, intent.at, options.split);
    doIntent(stage, intent, ordinals);
  }
  advanceTo(stage, until, options.split);
  if (until === workload.end) complete(stage);
  return stage;
}

function doIntent(stage: Stage, intent: Intent, ordinals: Map<number, number>): void {
  const command = commandOf(stage.state, intent, ordinals);
  if (command === undefined) return;
  const next = stage.state.orders.length + 1;
  const isTaken = tell(stage, command);
  const isNew = intent.kind === "submit" || (intent.kind === "replace" && intent.part === undefined);
  if (isTaken && isNew) ordinals.set(intent.name, next);
}

/** What a session does at its end. */
function complete(stage: Stage): void {
  const { clock, accounts } = stage.state;
  take(
    stage,
    accounts.flatMap((account) => postEverything(account, clock)),
  );
  take(stage, [{ kind: "session_completed", at: clock }]);
  remember(stage);
}

function openStage(workload: Workload, options: PlayOptions): Stage {
  return {
    workload,
    state: openState(workload),
    tape: tapeOf(options.market ?? workload.market),
    events: [],
    entries: [],
    told: [],
    snapshots: [],
    crashAfter: options.crashAfter,
    crashed: false,
    isLongWay: options.isLongWay ?? false,
  };
}

const openState = (workload: Workload): State =>
  createState({
    kind: "session_created",
    at: workload.start,
    name: undefined,
    startTime: workload.start,
    endTime: workload.end,
    initialCash: cash(workload.dollars * SCALE),
    config: workload.config,
  });

function take(stage: Stage, made: readonly EngineEvent[]): void {
  for (const event of made) {
    apply(stage.state, event);
    if (stage.isLongWay && event.kind === "order_accepted") forgetPlain(stage.state, event.order);
  }
  stage.events.push(...made);
  stage.entries.push({ at: stage.state.clock, events: made });
  checkState(stage.state);
}

function forgetPlain({ orders }: State, ordinal: number): void {
  const order = orders.get(ordinal - 1);
  if (order !== undefined) Object.assign(order, { isPlain: false });
}

/** Whether the crash is due. Inside an instant the journal is never cut: the clock says which of its work is done. */
function isCrashDue({ entries, crashAfter, crashed }: Stage): boolean {
  return crashAfter !== undefined && !crashed && entries.length >= crashAfter;
}

function crash(stage: Stage): void {
  stage.state = refolded(stage);
  stage.crashed = true;
}

/** The state as a restart finds it: the fold of the journal, and nothing else. */
function refolded({ workload, entries, state: { clock } }: Stage): State {
  const state = openState(workload);
  for (const { at, events } of entries) {
    setClock(state, at);
    for (const event of events) apply(state, event);
  }
  setClock(state, clock);
  return state;
}

function tell(stage: Stage, command: AccountCommand): boolean {
  const { state, tape } = stage;
  const known = tape.knownAt(state.clock);
  const account = command.kind === "submit_order" ? state.accounts[command.account - 1] : undefined;
  const answer =
    stage.isLongWay && command.kind === "submit_order" && account !== undefined
      ? submitOrder(submission({ state, account, known, terms: command.terms }))
      : decide(state, command, known);
  stage.told.push({ at: state.clock, command, answer });
  if (isRefusal(answer)) return false;
  take(stage, answer);
  return true;
}

function advanceTo(stage: Stage, to: Instant, split: number | undefined): void {
  const from = stage.state.clock;
  if (to <= from) return;
  if (split !== undefined) advance(stage, instant(Math.floor(from + (to - from) * split)));
  advance(stage, to);
}

function advance(stage: Stage, until: Instant): void {
  if (until <= stage.state.clock) return;
  if (isCrashDue(stage)) crash(stage);
  let agenda = openAgenda(stage.state, stage.tape);
  for (let step = nextEvents(agenda, until); step !== undefined; step = nextEvents(agenda, until)) {
    if (step.at > stage.state.clock) {
      remember(stage);
      if (isCrashDue(stage)) {
        crash(stage);
        agenda = openAgenda(stage.state, stage.tape);
        continue;
      }
    }
    setClock(stage.state, step.at);
    take(stage, step.events);
  }
  remember(stage);
  setClock(stage.state, until);
}

/** The figures with which an instant ends. */
function remember({ state, tape, snapshots }: Stage): void {
  if (snapshots.at(-1)?.at === state.clock) snapshots.pop();
  const accounts = state.accounts.map((account) => figuresOf(state, account, tape));
  snapshots.push({ at: state.clock, accounts });
}

function figuresOf(state: State, account: Account, tape: Tape): Figures {
  const known = tape.knownAt(state.clock);
  const positions = [...account.positions.values()].toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return {
    cash: account.cash,
    realized: account.realizedPnl,
    holdings: Object.fromEntries(
      positions.map(({ symbol, qty, avgEntryPrice, costBasis }) => [symbol, `${qty} ${avgEntryPrice} ${costBasis}`]),
    ),
    equity: accountFigures(state, account, known).equity,
    value: positions.reduce((sum, { symbol, qty, avgEntryPrice }) => {
      return sum + valueOf(qty, known.lastPrice(symbol) ?? avgEntryPrice);
    }, 0n),
  };
}

/** The command that an intent stands for; undefined where what it is about was never accepted. */
function commandOf(state: State, intent: Intent, ordinals: ReadonlyMap<number, number>): AccountCommand | undefined {
  const { account } = intent;
  switch (intent.kind) {
    case "submit":
      return { kind: "submit_order", account, terms: intent.terms };
    case "cancel_all":
      return { kind: "cancel_all_orders", account };
    case "close": {
      const amount = { qty: undefined, percentage: BigInt(intent.percent) * SCALE };
      return { kind: "close_position", account, symbol: intent.symbol, amount };
    }
    case "transfer":
      return { kind: "transfer_cash", account, netAmount: intent.netAmount };
    case "cancel": {
      const order = partOf(state, ordinals.get(intent.name), intent.part);
      return order === undefined ? undefined : { kind: "cancel_order", account, order };
    }
    case "replace": {
      const order = partOf(state, ordinals.get(intent.name), intent.part);
      return order === undefined ? undefined : { kind: "replace_order", account, order, changes: intent.changes };
    }
  }
}

/** The order itself or one of its legs, as it is now. */
function partOf(state: State, ordinal: number | undefined, part: LegRole | undefined): number | undefined {
  const order = ordinal === undefined ? undefined : state.orders.get(ordinal - 1);
  if (order === undefined || part === undefined) return order?.ordinal;
  return order.legs.find((leg) => state.orders.get(leg - 1)?.leg === part) ?? order.ordinal;
}

export interface Verdict {
  readonly played: Played;
  readonly world: World;
  readonly difference: Difference | undefined;
}

/** Plays a workload and has it audited. */
export function judge(workload: Workload, until: Instant = workload.end): Verdict {
  const played = play(workload, { until });
  const world = audit({
    market: workload.market,
    config: workload.config,
    start: workload.start,
    end: workload.end,
    until,
    initialCash: workload.dollars * SCALE,
    told: played.told,
  });
  return { played, world, difference: compare(played, world) };
}
