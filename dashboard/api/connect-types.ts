/** The API's objects as its OpenAPI document has them; written by test/api/dashboard-types.test.ts. */

/** GET /v1/keys, 200. */
export type Key = {
  readonly id: string;
  readonly name: string;
  readonly scope: "owner" | "session" | "account";
  readonly session_id: string | null;
  readonly account_id: string | null;
  readonly created_at: string;
  readonly rotated_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
};

/** POST /v1/accounts/{accountId}/keys, 201. */
export type NewKey = {
  readonly id: string;
  readonly name: string;
  readonly account_id: string;
  readonly session_id: string;
  readonly scope: "account" | "session";
  readonly created_at: string;
  readonly rotated_at: string | null;
  readonly revoked_at: string | null;
  readonly secret: string;
};

/** GET /v1/requests, 200. */
export type LoggedRequest = {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly key_id: string;
  readonly session_id: string | null;
  readonly account_id: string | null;
  readonly agent: string | null;
};

/** GET /v1/data/symbols/{symbol}, 200. */
export type SymbolData = {
  readonly symbol: string;
  readonly name: string;
  readonly asset_class: "us_equity" | "crypto";
  readonly series: readonly ({
    readonly timeframe: string;
    readonly from: string;
    readonly to: string;
    readonly rows: number;
    readonly days: {
      readonly present: number;
      readonly partial: number;
      readonly missing: number;
    } | null;
    readonly adjusted: boolean;
    readonly synthetic: boolean;
    readonly source: string;
    readonly hash: string;
    readonly partial_days: readonly ({
      readonly date: string;
      readonly bars: number;
    })[];
    readonly missing_days: readonly (string)[];
    readonly years: readonly ({
      readonly year: number;
      readonly rows: number;
      readonly hash: string;
    })[];
    readonly damages: readonly (string)[];
  })[];
  readonly actions: number;
};

/** GET /v1/data/imports/{importId}, 200. */
export type DataImport = {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly state: "ready" | "waiting" | "running" | "done" | "failed" | "canceled";
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly progress: {
    readonly phase: "reading" | "writing";
    readonly done: number;
    readonly total: number;
  } | null;
  readonly report: {
    readonly format: string;
    readonly timeframe: string;
    readonly rows_read: number;
    readonly rows_accepted: number;
    readonly rows_refused: number;
    readonly rows_added: number;
    readonly unchanged: boolean;
    readonly series: readonly ({
      readonly symbol: string;
      readonly timeframe: string;
      readonly rows: number;
      readonly added: number;
      readonly adjusted: boolean;
      readonly days_kept: number;
      readonly days_replaced: number;
    })[];
    readonly actions: {
      readonly read: number;
      readonly added: number;
      readonly replaced: number;
    };
    readonly sample_replaced: readonly (string)[];
    readonly reasons: readonly ({
      readonly reason: string;
      readonly rows: number;
    })[];
    readonly refused: readonly ({
      readonly line: number;
      readonly reason: string;
      readonly message: string;
    })[];
    readonly warnings: readonly ({
      readonly check: string;
      readonly count: number;
    })[];
  } | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
  } | null;
};

/** POST /v1/data/imports/{importId}/start, body. */
export type ImportOptions = {
  readonly symbol?: string | null;
  readonly timeframe?: string | null;
  readonly format?: string | null;
  readonly timezone?: string | null;
  readonly time_format?: string | null;
  readonly columns?: string | null;
  readonly on_conflict?: string | null;
  readonly adjusted?: boolean | null;
};

/** POST /v1/data/imports/{importId}/preview, 200. */
export type ImportPreview = {
  readonly file: string;
  readonly format: string | null;
  readonly timeframe: string | null;
  readonly lines: readonly (string)[];
  readonly columns: readonly ({
    readonly name: string;
    readonly role: string | null;
  })[];
  readonly rows: readonly ({
    readonly symbol: string;
    readonly t: string;
    readonly o: number;
    readonly h: number;
    readonly l: number;
    readonly c: number;
    readonly v: number;
  })[];
  readonly refused: readonly ({
    readonly line: number;
    readonly reason: string;
    readonly message: string;
  })[];
  readonly problem: {
    readonly code: string;
    readonly message: string;
  } | null;
};
