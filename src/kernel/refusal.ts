/** A refusal: the market, the broker or the server says no. It is a value, never thrown by the engine. */

/** Every reason to refuse, with the HTTP status and the code on the wire (Alpaca's where it has one). */
export const REFUSALS = {
  bad_request: { status: 400, code: 40010000, means: "The request could not be read, or a field is missing or wrong." },
  missing_authorization: { status: 401, code: 40110000, means: "No credentials were sent." },
  bad_credentials: { status: 401, code: 40110002, means: "The key or its secret is wrong, or revoked." },
  foreign_origin: { status: 403, code: 40310001, means: "The Host or Origin of the request is not the server's own." },
  key_is_bound: {
    status: 403,
    code: 40310002,
    means: "The key was made for one account; it may not do this.",
  },
  order_refused: {
    status: 403,
    code: 40310000,
    means: "The broker refuses: buying power, quantity, shorting.",
  },
  day_trading: { status: 403, code: 40310100, means: "The pattern-day-trader rules forbid the order." },
  not_found: { status: 404, code: 40410000, means: "It does not exist, or belongs to another key." },
  method_not_allowed: { status: 405, code: 40510000, means: "The path exists, the method does not; see Allow." },
  session_stopped: { status: 409, code: 40910000, means: "The session has failed; reads go on, commands do not." },
  data_changed: {
    status: 409,
    code: 40910001,
    means: "Bars that the session has used are others now; accept them, or import the former ones again.",
  },
  session_in_use: {
    status: 409,
    code: 40910002,
    means: "The session plays, or others who send commands are connected; it is not taken back under them.",
  },
  import_state: {
    status: 409,
    code: 40910003,
    means: "The import has been started already, or its file is gone.",
  },
  body_too_large: { status: 413, code: 41310000, means: "The body is larger than the limit." },
  invalid_order_parameter: { status: 422, code: 40010001, means: "A parameter is missing or wrong." },
  order_rule: {
    status: 422,
    code: 42210000,
    means: "A rule for orders is broken, or the order is in the wrong state.",
  },
  not_supported_yet: { status: 422, code: 42210001, means: "Known, but not supported by this version." },
  bad_session_file: {
    status: 422,
    code: 42210002,
    means: "A session file is damaged, cut off, or none at all; nothing of it was kept.",
  },
  too_many: { status: 429, code: 42910000, means: "A named limit is reached." },
} as const;

export type RefusalReason = keyof typeof REFUSALS;

export interface Refusal {
  readonly kind: "refusal";
  readonly reason: RefusalReason;
  /** Names the field, what it got and what it takes. */
  readonly message: string;
  /** Extra fields of the answer, as Alpaca has them (all strings). */
  readonly details: Readonly<Record<string, string>> | undefined;
  /** Extra fields that name an order, by its ordinal: who knows ids on the wire turns them into details. */
  readonly orders?: Readonly<Record<string, number>>;
}

export function refuse(reason: RefusalReason, message: string, details?: Readonly<Record<string, string>>): Refusal {
  return { kind: "refusal", reason, message, details };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "refusal";
}
