/** What a provider of market data is to a download. One file per provider implements it. */
import type { CivilDate, CorporateAction, Instant } from "../../kernel/index.ts";
import type { AssetRow } from "../assets/assets-table.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { Credentials, Environment } from "./credentials.ts";
import type { ProviderClient } from "./provider-client.ts";

export type ProviderName = "alpaca" | "polygon";

export interface ProviderBar {
  /** A day bar: midnight New York of its date. */
  readonly start: Instant;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** NaN: absent. */
  readonly vwap: number;
  /** NaN: absent. */
  readonly trades: number;
}

export interface BarsAsked {
  readonly symbol: string;
  readonly timeframe: TimeframeSpec;
  readonly from: Instant;
  /** The first instant that is not asked for. */
  readonly until: Instant;
}

/** Both dates are included. */
export interface ActionsAsked {
  readonly symbol: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
}

export interface ActionsRead {
  readonly rows: readonly CorporateAction[];
  /** What Tapedeck does not book, by the provider's word for it: how many. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Every call throws what `ProviderClient.get` throws. */
export interface Provider {
  /** As the catalog names the source of bars. */
  readonly source: string;
  /** Unadjusted bars, oldest first; a page is what one answer held. They are checked by whoever reads them. */
  readonly barPages: (asked: BarsAsked) => AsyncIterable<readonly ProviderBar[]>;
  readonly actions: (asked: ActionsAsked) => Promise<ActionsRead>;
  /** Undefined where the provider does not know the symbol. */
  readonly asset: (symbol: string, on: CivilDate) => Promise<AssetRow | undefined>;
}

export interface ProviderPlace {
  readonly client: ProviderClient;
  /** Where bars and corporate actions are; without a slash at its end. */
  readonly baseUrl: URL;
  /** Where assets are. */
  readonly tradingUrl: URL;
  /** As `feedOf` gives it. */
  readonly feed: string | undefined;
}

export interface ProviderKind {
  readonly name: ProviderName;
  /** Requests a minute of the free plan. */
  readonly rate: number;
  readonly baseUrl: string;
  /** The address of assets that a key belongs to; undefined: the base address. */
  readonly tradingUrlOf: (env: Environment) => string | undefined;
  /** Feeds that may be chosen, the default first; none where there is no choice. */
  readonly feeds: readonly string[];
  /** Throws AppError "bad_argument" naming the variables that are missing. */
  readonly credentialsOf: (env: Environment) => Credentials;
  readonly open: (place: ProviderPlace) => Provider;
}
