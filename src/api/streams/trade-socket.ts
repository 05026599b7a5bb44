/** Alpaca's socket of trade updates: authenticate, listen, then what becomes of the account's orders. */
import { setTimeout as wait } from "node:timers/promises";
import { encode } from "@msgpack/msgpack";
import { formatInstant } from "../../kernel/index.ts";
import type { FastifyRequest } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import type { Bound } from "../wire/binding.ts";
import { admitted, asksForLockStep, WRONG_KEYS_MS, type Door } from "./door.ts";
import { decodeFrame, isRecord } from "./frames.ts";
import { Inbox } from "./inbox.ts";
import type { Hubs, Joined, Telling } from "./hubs.ts";
import { CLOSE, createOutbox, type Outbox } from "./outbox.ts";
import { placed } from "./trade-update.ts";

/** The one stream there is. */
const TRADE_UPDATES = "trade_updates";

const NO_SYMBOLS: ReadonlySet<string> = new Set();

export interface TradeSocketParts {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  readonly door: Door;
  readonly hubs: Hubs;
}

export function serveTradeUpdates(parts: TradeSocketParts): void {
  new TradeSocket(parts).open();
}

class TradeSocket {
  readonly #parts: TradeSocketParts;
  readonly #outbox: Outbox;
  readonly #isPacked: boolean;
  #account: number | undefined;
  #joined: Joined | undefined;
  #isListening = false;
  readonly #inbox: Inbox;

  constructor(parts: TradeSocketParts) {
    const { socket, request } = parts;
    this.#parts = parts;
    this.#isPacked = /msgpack/i.test(request.headers["content-type"] ?? "");
    this.#outbox = createOutbox({
      socket,
      isLockStep: asksForLockStep(request),
      slowNotice: () => this.#frame("error", { code: 407, error_message: "slow client" }),
    });
    this.#inbox = new Inbox(() => {
      this.#outbox.close(CLOSE.internal, "internal error");
    });
  }

  /** No welcome: clients take the first frame for the answer to their credentials. */
  open(): void {
    const { socket, request, door } = this.#parts;
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#inbox.next(() => this.#take(decodeFrame(data, isBinary)));
    });
    socket.on("close", () => {
      this.#inbox.next(() => this.#joined?.leave());
    });
    const byHeaders = door.byHeaders(request);
    if (byHeaders !== undefined) this.#inbox.next(() => this.#join(byHeaders).then(() => undefined));
  }

  async #take(message: unknown): Promise<void> {
    if (!isRecord(message)) return this.#say("error", { error_message: "invalid syntax" });
    const data = isRecord(message["data"]) ? message["data"] : {};
    switch (message["action"]) {
      case "authenticate":
      case "auth":
        return this.#authenticate(message["key"] ?? data["key_id"], message["secret"] ?? data["secret_key"]);
      case "listen":
        return this.#listen(data["streams"]);
      default:
        return this.#say("error", { error_message: `unknown action: ${String(message["action"])}` });
    }
  }

  async #authenticate(keyId: unknown, secret: unknown): Promise<void> {
    const { door, request } = this.#parts;
    const isIn = this.#joined !== undefined || (await this.#join(door.byMessage(request, keyId, secret)));
    if (!isIn) await wait(WRONG_KEYS_MS);
    this.#say("authorization", { status: isIn ? "authorized" : "unauthorized", action: "authenticate" });
    if (!isIn) this.#outbox.close(CLOSE.policy, "unauthorized");
  }

  /** Whether the credentials are good, and bound to an account. */
  async #join(admission: Promise<Bound | undefined>): Promise<boolean> {
    const bound = await admitted(admission);
    if (bound?.account === undefined) return false;
    this.#account = bound.account;
    this.#joined = await this.#parts.hubs.join(bound.session, {
      symbols: () => NO_SYMBOLS,
      tell: (telling) => {
        this.#tell(telling);
      },
      settled: (how) => this.#outbox.settled(how),
      drained: () => this.#outbox.drained(),
      ended: () => {
        this.#outbox.close(CLOSE.goingAway, "the session has ended");
      },
    });
    return true;
  }

  /** Each list takes the place of the one before. */
  #listen(streams: unknown): void {
    if (this.#joined === undefined) {
      this.#say("authorization", { status: "unauthorized", action: "listen" });
      return;
    }
    this.#isListening = Array.isArray(streams) && streams.includes(TRADE_UPDATES);
    this.#say("listening", { streams: this.#isListening ? [TRADE_UPDATES] : [] });
  }

  #tell(telling: Telling): void {
    if (!this.#isListening) return;
    if (telling.kind === "rewound") this.#say("rewound", { timestamp: formatInstant(telling.clock) });
    if (telling.kind !== "happenings") return;
    for (const { update: draft, place } of telling.happenings) {
      if (draft === undefined || draft.account !== this.#account) continue;
      this.#say(TRADE_UPDATES, placed(draft, place));
    }
  }

  #say(stream: string, data: object): void {
    this.#outbox.send(this.#frame(stream, data));
  }

  #frame(stream: string, data: object): string | Buffer {
    const message = { stream, data };
    return this.#isPacked ? Buffer.from(encode(message)) : JSON.stringify(message);
  }
}
