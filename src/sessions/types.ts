/** What the rest of the house sees of sessions: a handle on one, a view for reading it, and the registry of all. */
import type { Command, EngineConfig, EngineEvent, KnownMarket, State } from "../engine/index.ts";
import type { Bar, Cash, CorporateAction, Instant, Price, Refusal } from "../kernel/index.ts";
import type { Asset, BarsPage, BarsRequest, SeriesSummary } from "../market/index.ts";
import type { BarsStretch, EndedBar } from "./ended-bars.ts";
import type { Follower, Settling } from "./followers.ts";
import type { Proof } from "./proof/prover.ts";
import type { SessionSummary } from "./journal-port.ts";
import type { BarPlace, PriceExtremes, Stretch } from "./past-trading.ts";
import type { ChangedDay } from "./tape-pins.ts";
import type { Moment } from "./past-state.ts";
import type { PastPrices, PricesWanted } from "./portfolio.ts";
import type { Until } from "./until.ts";

export type { BarsStretch, EndedBar } from "./ended-bars.ts";
export type { Follower, FollowEnd, News, Settling } from "./followers.ts";
export type { Awaited, Until } from "./until.ts";
export type {
  Asset,
  BarsPage,
  FilePreview,
  ImportJob,
  ImportReport,
  LabelledBar,
  RemovalReport,
  SeriesDetail,
  SeriesSummary,
  SymbolDetail,
  UploadOptions,
  Uploads,
} from "../market/index.ts";
export type { BarPlace, PriceExtremes, Stretch } from "./past-trading.ts";
export type { Moment } from "./past-state.ts";
export type { Difference, PlainEvent } from "./proof/comparison.ts";
export type { Diff, PlacedEvent } from "./proof/diff.ts";
export type { RunFigures } from "./proof/figures.ts";
export type { Imported } from "./proof/import-session.ts";
export type { Proof } from "./proof/prover.ts";
export type { RefusedCommand, Watch } from "./proof/rerun.ts";
export type { UsedSymbol } from "./proof/used-data.ts";
export type { Verification } from "./proof/verify.ts";
export type { WhatIf } from "./proof/what-if.ts";
export type { PastPrices, PriceMoment, PricesWanted } from "./portfolio.ts";

/** How to take a session back. */
export interface RewindRequest {
  readonly to: Moment;
  /** Whether what came after is removed; else a fork keeps it. */
  readonly isDiscarding: boolean;
  /** Of that fork; undefined: the session's. */
  readonly keptName: string | undefined;
  /** Connected writers that are the caller himself. */
  readonly ownWriters: number;
}

export interface Rewound {
  /** The clock before. */
  readonly before: Instant;
  readonly clock: Instant;
  /** Of the last entry of the journal. */
  readonly seq: number;
  /** The session that keeps what came after; undefined where nothing did, or where it was removed. */
  readonly keptIn: string | undefined;
}

/** What a fork has of its own from the beginning. */
export interface ForkSpec {
  /** Where it leaves the session; undefined: where that stands. */
  readonly moment: Moment | undefined;
  /** Undefined: the one of the session at that moment. */
  readonly name: string | undefined;
  /** Its assumptions, made from those in effect at that moment; undefined: the same. */
  readonly configure: ((config: EngineConfig) => EngineConfig) | undefined;
  /** Paid into each of its accounts. */
  readonly deposit: Cash | undefined;
}

/** A session among its family. */
export interface Relation {
  readonly session: SessionSummary;
  /** Forks between the oldest ancestor and it, itself included. */
  readonly depth: number;
}

export interface SessionSpec {
  readonly name: string | undefined;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly initialCash: Cash;
  readonly config: EngineConfig;
}

/** Wire ids (UUID text) of what the engine numbers: uuidv5 of session, epoch, kind and ordinal. */
export interface WireIds {
  readonly account: (ordinal: number) => string;
  readonly order: (ordinal: number) => string;
  /** The ordinal behind an id, or undefined for an id that is not this session's. */
  readonly findAccount: (id: string) => number | undefined;
  readonly findOrder: (id: string) => number | undefined;
}

/** A session at one moment, for pure functions that make JSON of it. Valid only inside the query it is given to. */
export interface SessionView {
  readonly id: string;
  readonly createdAt: string;
  /** "failed" where an invariant broke or the journal is damaged. */
  readonly status: "active" | "completed" | "failed";
  readonly failure: string | undefined;
  readonly state: State;
  /** Clipped to the clock; knows every symbol with a position or an open order, and those asked for in `read`. */
  readonly market: KnownMarket;
  readonly ids: WireIds;
}

/** An event of the past, and the session as it was right after it. */
export interface PastEvent {
  /** Of its entry in the journal, from 1. */
  readonly seq: number;
  /** Its place among the events of the entry, from 0. */
  readonly index: number;
  readonly event: EngineEvent;
  /** Valid until the next one is asked for. */
  readonly view: SessionView;
}

/** Where a session stood when somebody began to follow it. */
export interface FollowedFrom {
  /** Of the last entry of the journal. */
  readonly seq: number;
  readonly clock: Instant;
  /** How often the session has gone back. */
  readonly epoch: number;
}

export interface Following extends FollowedFrom {
  readonly stop: () => void;
}

/** What a command did. `view` is valid until the next await. */
export interface Outcome {
  readonly kind: "done";
  readonly events: readonly EngineEvent[];
  readonly clockBefore: Instant;
  readonly view: SessionView;
  /** Of an advance that waits for something: whether it came. */
  readonly isReached?: boolean;
}

/** A page of a symbol's bars; what is known of them is the session's to say. */
export type BarsQuery = Omit<BarsRequest, "knownAt">;

export interface LastPrice {
  readonly price: Price;
  readonly at: Instant;
}

export interface AssetCatalog {
  /** What there is of each symbol, finest bars first; sorted by symbol. */
  readonly coverage: () => readonly SeriesSummary[];
  /** Sorted by symbol. */
  readonly assets: () => readonly Asset[];
  /** By symbol or id. */
  readonly findAsset: (symbolOrId: string) => Asset | undefined;
  /** All that are known, of the future of any clock too: whoever shows them clips them. Sorted by symbol and date. */
  readonly corporateActions: () => readonly CorporateAction[];
  /** Symbols whose prices are adjusted: what their companies do to the shares is in the prices already (R39). */
  readonly adjustedSymbols: () => readonly string[];
  /** The last price of all data, and when its bar ended; for keys that are not bound to an account. */
  readonly lastPrice: (symbol: string) => Promise<LastPrice | undefined | Refusal>;
  /** Bars without a clock, for keys that are not bound to an account. */
  readonly bars: (query: BarsQuery) => Promise<BarsPage | Refusal>;
}

/** One session: commands one at a time, reads in between. */
export interface SessionHandle {
  readonly id: string;
  /** What a list shows of it, as of the last finished command; waits for running ones. */
  readonly describe: () => Promise<SessionSummary | Refusal>;
  /** Lines about the days of bars that it has used (docs/reference/journal-layout.md), up to date. */
  readonly usedTape: () => Promise<string>;
  /** Days that held other bars when the session used them, as of the last command or read. */
  readonly changedDays: readonly ChangedDay[];
  /** Durable when it resolves. Waits its turn; an advance works in slices so that other sessions are not held up. */
  readonly execute: (command: Command) => Promise<Outcome | Refusal>;
  /** Advance by milliseconds from wherever the clock stands when its turn comes; clamped to the end. */
  readonly advanceBy: (durationMs: number) => Promise<Outcome | Refusal>;
  /** Advances until something happens: a fill at an open is reported a millisecond past it (R7). Clamped to the end. */
  readonly advanceUntil: (until: Until) => Promise<Outcome | Refusal>;
  /** The session as it was: read it like any other; its commands are refused. Refuses a moment that has not been. */
  readonly at: (moment: Moment) => Promise<SessionHandle | Refusal>;
  /** Takes the session back to a moment that has been; it must be paused, and nobody else connected who sends commands. */
  readonly rewind: (rewind: RewindRequest) => Promise<Rewound | Refusal>;
  /** From the next command on; `begin` runs between two commands. A follower is told once, however often it begins. */
  readonly follow: (begin: (from: FollowedFrom) => Follower) => Promise<Following | Refusal>;
  /** Resolves once readers in lock-step have what they were sent; undefined where they have. */
  readonly readersSettled: (how: Settling) => Promise<unknown> | undefined;
  /** The bars that have ended in a stretch of time, as far as the clock has come, by their ends, then by symbol. */
  readonly endedBars: (stretch: BarsStretch) => AsyncGenerator<readonly EndedBar[]>;
  /** What happened with entries `after` < seq ≤ `upTo`. */
  readonly pastEvents: (range: { readonly after: number; readonly upTo: number }) => AsyncGenerator<PastEvent>;
  /** Waits for running commands, makes the prices of `symbols` known, then calls `query`. */
  readonly read: <T>(symbols: readonly string[], query: (view: SessionView) => T) => Promise<T | Refusal>;
  /** Bars that have ended at the clock. */
  readonly bars: (query: BarsQuery) => Promise<BarsPage | Refusal>;
  /** By symbol: the last bar that has ended at the clock, of the finest there are. */
  readonly lastBars: (symbols: readonly string[]) => Promise<ReadonlyMap<string, Bar> | Refusal>;
  /** Last known prices at moments of the past; what lies after the clock counts as the clock. */
  readonly pastPrices: (wanted: PricesWanted) => Promise<PastPrices | Refusal>;
  /** The extremes of the bars that have ended within each stretch; undefined where none has. */
  readonly pastExtremes: (stretches: readonly Stretch[]) => Promise<readonly (PriceExtremes | undefined)[] | Refusal>;
  /** Dollars that the market traded in each minute bar; undefined where that is not known at the clock. */
  readonly pastMinuteValues: (places: readonly BarPlace[]) => Promise<readonly (number | undefined)[] | Refusal>;
}

export interface SessionRegistry {
  readonly create: (owner: string, spec: SessionSpec) => Promise<SessionHandle | Refusal>;
  /** Undefined for an unknown id and for another owner's. */
  readonly find: (owner: string, id: string) => Promise<SessionHandle | undefined>;
  /** The session that has an account with this wire id, and the account's ordinal; of this owner's sessions only. */
  readonly findAccount: (
    owner: string,
    accountId: string,
  ) => Promise<{ readonly session: SessionHandle; readonly account: number } | undefined>;
  /** The same among the sessions in memory, of any owner: for what Alpaca answers without credentials. */
  readonly findOpenAccount: (
    accountId: string,
  ) => Promise<{ readonly session: SessionHandle; readonly account: number } | undefined>;
  /** Newest first. Sessions in memory show their present state, the others their summary row. */
  readonly list: (
    owner: string,
    page: { readonly limit: number; readonly after: string | undefined },
  ) => Promise<{ readonly sessions: readonly SessionSummary[]; readonly next: string | undefined }>;
  /** A new session with the same past; undefined where there is no such session. */
  readonly fork: (owner: string, id: string, spec: ForkSpec) => Promise<SessionHandle | Refusal | undefined>;
  /**
   * A session's whole family: the oldest ancestor that is there, then every fork right after its parent, oldest first.
   * Undefined where there is no such session.
   */
  readonly tree: (owner: string, id: string) => Promise<readonly Relation[] | undefined>;
  /** Stops playback and removes every trace; false if there was none. */
  readonly delete: (owner: string, id: string) => Promise<boolean>;
  readonly catalog: AssetCatalog;
  /** Running sessions again, holding them against one another, and carrying them as files. */
  readonly proof: Proof;
  /** Pauses playing sessions, writes summaries, closes the journal. */
  readonly close: () => Promise<void>;
}
