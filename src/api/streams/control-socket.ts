/** Lock-step over one socket: each command of a client is answered by one message with all that it brought about. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import { formatInstant, isRefusal, refuse, REFUSALS, type Instant, type Refusal } from "../../kernel/index.ts";
import type { EndedBar, FollowedFrom, Outcome, SessionHandle } from "../../sessions/index.ts";
import { advance, presentAdvance, type AdvanceJson } from "../wire/advancing.ts";
import { presentEndedBar } from "../alpaca/asset.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { presentRewound, rewindRequest } from "../wire/rewinding.ts";
import { shown } from "../wire/validation.ts";
import { routeOf, TRADING_ACTIONS, type RouteCall } from "./control-actions.ts";
import { decodeFrame, isRecord } from "./frames.ts";
import type { Hubs, Joined, Telling } from "./hubs.ts";
import { Inbox } from "./inbox.ts";
import { CLOSE, createOutbox, type Outbox } from "./outbox.ts";
import { placed, type PlacedUpdate } from "./trade-update.ts";

export interface ControlParts {
  readonly app: FastifyInstance;
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  readonly session: SessionHandle;
  readonly hubs: Hubs;
}

export function serveControl(parts: ControlParts): void {
  new ControlSocket(parts).open();
}

type Message = Readonly<Record<string, unknown>>;

const MOVES: readonly string[] = ["advance", "until"];

class ControlSocket {
  readonly #parts: ControlParts;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #symbols = new Set<string>();
  #bars: Record<string, object[]> = {};
  #updates: (PlacedUpdate & { readonly account_id: string })[] = [];
  #clock: Instant | undefined;
  #joined: Joined | undefined;

  constructor(parts: ControlParts) {
    this.#parts = parts;
    this.#outbox = createOutbox({
      socket: parts.socket,
      isLockStep: false,
      slowNotice: () => JSON.stringify({ error: { code: 407, message: "slow client" } }),
    });
    this.#inbox = new Inbox(() => {
      this.#outbox.close(CLOSE.internal, "internal error");
    });
  }

  open(): void {
    const { socket, session, hubs } = this.#parts;
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#inbox.next(() => this.#take(decodeFrame(data, isBinary)));
    });
    socket.on("close", () => {
      this.#inbox.next(() => this.#joined?.leave());
    });
    this.#inbox.next(async () => {
      this.#joined = await hubs.join(session, {
        symbols: () => this.#symbols,
        tell: (telling) => {
          this.#tell(telling);
        },
        settled: () => undefined,
        drained: () => undefined,
        isWriter: true,
        ended: () => {
          this.#outbox.close(CLOSE.goingAway, "the session has ended");
        },
      });
      this.#clock = this.#joined.clock;
    });
  }

  /** What happens is kept for the next answer. */
  #tell(telling: Telling): void {
    if (telling.kind === "clock") this.#clock = telling.to;
    else if (telling.kind === "bars") for (const ended of telling.bars) this.#keepBar(ended);
    else if (telling.kind === "rewound") this.#goBack(telling);
    else {
      for (const { update, place } of telling.happenings) {
        if (update !== undefined) this.#updates.push({ account_id: update.accountId, ...placed(update, place) });
      }
    }
  }

  /** What was not told yet has not happened. */
  #goBack({ clock }: FollowedFrom): void {
    this.#clock = clock;
    this.#bars = {};
    this.#updates = [];
  }

  #keepBar({ symbol, bar }: EndedBar): void {
    if (!this.#symbols.has(symbol)) return;
    (this.#bars[symbol] ??= []).push(presentEndedBar(bar));
  }

  async #take(message: unknown): Promise<void> {
    if (!isRecord(message)) return this.#answer({}, refused(refuse("bad_request", "a message is a JSON object")));
    try {
      this.#answer(message, await this.#perform(message));
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      this.#answer(message, refused(error.refusal));
    }
  }

  async #perform(message: Message): Promise<object> {
    const { action } = message;
    if (typeof action !== "string") throw unknownAction(action);
    if (MOVES.includes(action)) return this.#move(message);
    if (action === "subscribe" || action === "unsubscribe") return this.#subscribe(message, action === "subscribe");
    if (action === "rewind") return this.#rewind(message);
    const route = routeOf(action, message);
    if (route === undefined) throw unknownAction(action);
    return this.#call(route, message);
  }

  /** The fields are those of the body of POST …/time/advance. */
  async #move({ action: _action, id: _id, ...body }: Message): Promise<object> {
    const outcome: Outcome | Refusal = await advance(this.#parts.session, advanceBody(body));
    return isRefusal(outcome) ? refused(outcome) : presentAdvance(outcome);
  }

  /** The fields are those of the body of POST …/time/rewind; this socket is not in its own way. */
  async #rewind({ action: _action, id: _id, ...body }: Message): Promise<object> {
    const rewound = await this.#parts.session.rewind(rewindRequest(body, { ownWriters: 1 }));
    return isRefusal(rewound) ? refused(rewound) : presentRewound(rewound);
  }

  #subscribe({ bars }: Message, isSubscribe: boolean): object {
    if (!Array.isArray(bars) || !bars.every((symbol) => typeof symbol === "string")) {
      throw new RefusedRequest(refuse("bad_request", `bars must be a list of symbols, got ${shown(bars)}`));
    }
    for (const symbol of bars) this.#symbols[isSubscribe ? "add" : "delete"](symbol.toUpperCase());
    return { subscription: { bars: [...this.#symbols].toSorted() } };
  }

  /** A request of the Trading API, answered as over HTTP: same bodies, same refusals. */
  async #call({ method, url, body }: RouteCall, message: Message): Promise<object> {
    const { app, request, session } = this.#parts;
    const account = message["account_id"];
    const answer = await app.inject({
      method,
      url,
      headers: {
        ...credentialHeaders(request),
        "x-session-id": session.id,
        ...(typeof account === "string" ? { "x-account-id": account } : {}),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const result: unknown = answer.payload === "" ? null : JSON.parse(answer.payload);
    return answer.statusCode < 300
      ? { status: answer.statusCode, result }
      : { status: answer.statusCode, error: result };
  }

  #answer({ id }: Message, result: object): void {
    const [bars, orders] = [this.#bars, this.#updates];
    this.#bars = {};
    this.#updates = [];
    const clock = this.#clock === undefined ? null : formatInstant(this.#clock);
    this.#outbox.send(JSON.stringify({ ...(id === undefined ? {} : { id }), clock, ...result, bars, orders }));
  }
}

const ADVANCE_FIELDS: Readonly<Record<string, string>> = {
  duration: "number",
  targetTime: "string",
  until: "string",
  symbol: "string",
  notAfter: "string",
};

/** What the schema of the HTTP route checks there. */
function advanceBody(body: Message): AdvanceJson {
  for (const [field, value] of Object.entries(body)) {
    const wanted = ADVANCE_FIELDS[field];
    if (wanted === undefined) throw new RefusedRequest(refuse("bad_request", `${shown(field)} is not known here`));
    if (value === null || typeof value === wanted) continue;
    throw new RefusedRequest(refuse("bad_request", `${field} must be a ${wanted}, got ${shown(value)}`));
  }
  const { duration } = body;
  if (typeof duration === "number" && !(duration > 0)) {
    throw new RefusedRequest(refuse("bad_request", `duration must be > 0, got ${shown(duration)}`));
  }
  return body;
}

const unknownAction = (action: unknown): RefusedRequest =>
  new RefusedRequest(
    refuse(
      "bad_request",
      `action must be one of ${[...MOVES, "subscribe", "unsubscribe", ...TRADING_ACTIONS].join(", ")}, got ${shown(action)}`,
    ),
  );

function refused({ reason, message, details }: Refusal): object {
  const { status, code } = REFUSALS[reason];
  return { status, error: { code, message, ...details } };
}

const CREDENTIALS = ["authorization", "apca-api-key-id", "apca-api-secret-key", "host"] as const;

function credentialHeaders({ headers }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    CREDENTIALS.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value] as const] : [];
    }),
  );
}
