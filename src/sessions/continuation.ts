/** What a session does as soon as it goes on from a moment of the past: entries of its own, before it is there. */
import { apply, decide, type AccountCommand, type EngineEvent, type State } from "../engine/index.ts";
import { isRefusal, type Cash, type Instant, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import type { JournalEntry, SummaryDraft } from "./journal-port.ts";
import { knownOfNothing } from "./market-views.ts";
import { movedTo, type PastPoint } from "./past-state.ts";
import { decideForSession, type SessionCommand } from "./session-commands.ts";
import { SessionMarket } from "./session-market.ts";
import { summarize, type SessionIdentity } from "./summary.ts";

export class Continuation {
  readonly state: State;
  readonly uptoSeq: number;
  readonly at: Instant;
  readonly #pointAt: Instant;
  readonly entries: JournalEntry[];
  readonly #market: Market;
  readonly #series: SessionMarket;

  constructor(market: Market, point: PastPoint) {
    this.state = movedTo(point);
    this.uptoSeq = point.uptoSeq;
    this.at = point.at;
    this.#pointAt = point.lastAt;
    this.entries = [...point.entries];
    this.#market = market;
    this.#series = new SessionMarket(market, () => this.state);
  }

  get lastSeq(): number {
    return this.uptoSeq + this.entries.length;
  }

  /** The clock of the last entry. */
  get lastAt(): Instant {
    return this.entries.at(-1)?.at ?? this.#pointAt;
  }

  /** A command on the session itself. */
  run(command: SessionCommand): Refusal | undefined {
    const events = decideForSession(this.state, command);
    return isRefusal(events) ? events : this.#add(command, events);
  }

  /** Pays into every account that is open. */
  async deposit(amount: Cash): Promise<Refusal | undefined> {
    for (const { ordinal, status } of this.state.accounts) {
      if (status !== "ACTIVE") continue;
      const refusal = await this.#decide({ kind: "transfer_cash", account: ordinal, netAmount: amount });
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  async summarize(identity: SessionIdentity): Promise<SummaryDraft> {
    const loaded = await this.#series.load(this.state.clock, []);
    const known = isRefusal(loaded) ? knownOfNothing(this.#market) : this.#series.known(loaded);
    return summarize(identity, this.state, known);
  }

  async #decide(command: AccountCommand): Promise<Refusal | undefined> {
    const loaded = await this.#series.load(this.state.clock, []);
    if (isRefusal(loaded)) return loaded;
    const events = decide(this.state, command, this.#series.known(loaded));
    return isRefusal(events) ? events : this.#add(command, events);
  }

  #add(command: JournalEntry["command"], events: readonly EngineEvent[]): undefined {
    if (events.length === 0) return;
    for (const event of events) apply(this.state, event);
    this.entries.push({ seq: this.lastSeq + 1, at: this.state.clock, command, events });
    this.#series.forget();
  }
}
