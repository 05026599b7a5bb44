/** Alpaca's market-data socket: welcome, auth, subscribe, then bars, trades and quotes as the clock passes them. */
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyRequest } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import {
  formatInstant,
  instant,
  MINUTE_MS,
  STREAM_AUTH_MS_MAX,
  STREAM_FRAME_MESSAGES_MAX,
} from "../../kernel/index.ts";
import type { EndedBar } from "../../sessions/index.ts";
import type { Bound } from "../wire/binding.ts";
import { admitted, asksForLockStep, WRONG_KEYS_MS, type Door } from "./door.ts";
import { decodeFrame, EncodedMessage, isRecord, JSON_FRAMES, MSGPACK_FRAMES, type Encoding } from "./frames.ts";
import type { Hubs, Joined, Telling } from "./hubs.ts";
import { Inbox } from "./inbox.ts";
import { CLOSE, createOutbox, type Outbox } from "./outbox.ts";
import { Subscription, type FeedKind } from "./subscription.ts";
import { testMinute, TICK_CHANNELS, tickOf } from "./ticks.ts";

/** Alpaca's codes. */
const ERRORS = {
  syntax: [400, "invalid syntax"],
  unauthenticated: [401, "not authenticated"],
  failed: [402, "auth failed"],
  repeated: [403, "already authenticated"],
  timeout: [404, "auth timeout"],
  slow: [407, "slow client"],
  subscription: [409, "insufficient subscription"],
  action: [410, "invalid subscribe action for this feed"],
  internal: [500, "internal error"],
} as const;

type Problem = keyof typeof ERRORS;

export interface MarketSocketParts {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  readonly feed: FeedKind;
  readonly door: Door;
  readonly hubs: Hubs;
}

export function serveMarketData(parts: MarketSocketParts): void {
  new MarketSocket(parts).open();
}

class MarketSocket {
  readonly #parts: MarketSocketParts;
  readonly #encoding: Encoding;
  readonly #outbox: Outbox;
  readonly #subscription: Subscription;
  #joined: Joined | undefined;
  #isAuthenticated = false;
  readonly #inbox: Inbox;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: MarketSocketParts) {
    const { socket, request, feed } = parts;
    this.#parts = parts;
    this.#subscription = new Subscription(feed);
    const isPacked = /msgpack/i.test(request.headers["content-type"] ?? "");
    this.#encoding = isPacked ? MSGPACK_FRAMES : JSON_FRAMES;
    this.#outbox = createOutbox({
      socket,
      isLockStep: asksForLockStep(request),
      slowNotice: () => this.#frame([errorMessage("slow")]),
    });
    this.#inbox = new Inbox(() => {
      this.#fail("internal");
      this.#outbox.close(CLOSE.internal, "internal error");
    });
  }

  open(): void {
    const { socket, request, door } = this.#parts;
    this.#say({ T: "success", msg: "connected" });
    this.#timer = setTimeout(() => {
      this.#fail("timeout");
      this.#outbox.close(CLOSE.policy, "auth timeout");
    }, STREAM_AUTH_MS_MAX);
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#inbox.next(() => this.#take(decodeFrame(data, isBinary)));
    });
    socket.on("close", () => {
      clearTimeout(this.#timer);
      this.#inbox.next(() => this.#joined?.leave());
    });
    const byHeaders = door.byHeaders(request);
    if (byHeaders !== undefined) this.#inbox.next(() => this.#admit(byHeaders));
  }

  async #take(message: unknown): Promise<void> {
    if (!isRecord(message)) return this.#fail("syntax");
    const { action } = message;
    if (action === "auth" || action === "authenticate") return this.#auth(message);
    if (action !== "subscribe" && action !== "unsubscribe") return this.#fail("syntax");
    if (!this.#isAuthenticated) return this.#fail("unauthenticated");
    if (this.#parts.feed === "options") return this.#fail("subscription");
    const problem = this.#subscription.change(message, action === "subscribe");
    if (problem !== undefined) return this.#fail(problem === "invalid syntax" ? "syntax" : "action");
    this.#say({ T: "subscription", ...this.#subscription.state() });
  }

  #auth(message: Readonly<Record<string, unknown>>): Promise<void> | void {
    if (this.#isAuthenticated) return this.#fail("repeated");
    const { door, request } = this.#parts;
    const data = isRecord(message["data"]) ? message["data"] : {};
    return this.#admit(
      door.byMessage(request, message["key"] ?? data["key_id"], message["secret"] ?? data["secret_key"]),
    );
  }

  async #admit(admission: Promise<Bound | undefined>): Promise<void> {
    const bound = await admitted(admission);
    clearTimeout(this.#timer);
    if (bound === undefined) {
      await wait(WRONG_KEYS_MS);
      this.#fail("failed");
      this.#outbox.close(CLOSE.policy, "auth failed");
      return;
    }
    this.#joined = await this.#parts.hubs.join(bound.session, {
      symbols: () => this.#subscription.symbols(TICK_CHANNELS),
      tell: (telling) => {
        this.#tell(telling);
      },
      settled: (how) => this.#outbox.settled(how),
      drained: () => this.#outbox.drained(),
      ended: () => {
        this.#outbox.close(CLOSE.goingAway, "the session has ended");
      },
    });
    this.#isAuthenticated = true;
    this.#say({ T: "success", msg: "authenticated" });
  }

  #tell(telling: Telling): void {
    if (telling.kind === "bars") this.#tellBars(telling.bars);
    else if (telling.kind === "rewound") this.#say({ T: "rewound", t: formatInstant(telling.clock) });
    else if (telling.kind === "clock" && this.#parts.feed === "test") {
      const end = Math.floor(telling.to / MINUTE_MS) * MINUTE_MS;
      if (end > telling.from) this.#tellBars([testMinute(instant(end))]);
    }
  }

  #tellBars(bars: readonly EndedBar[]): void {
    let parts: EncodedMessage[] = [];
    for (const ended of bars) {
      for (const channel of TICK_CHANNELS) {
        const tick = this.#subscription.has(channel, ended.symbol) ? tickOf(ended, channel) : undefined;
        if (tick !== undefined) parts.push(tick);
      }
      if (parts.length < STREAM_FRAME_MESSAGES_MAX) continue;
      this.#outbox.send(this.#frame(parts));
      parts = [];
    }
    if (parts.length > 0) this.#outbox.send(this.#frame(parts));
  }

  /** Control messages go alone: clients look at the first element of a frame only. */
  #say(message: { readonly T: string; readonly [field: string]: unknown }): void {
    this.#outbox.send(this.#frame([new EncodedMessage(message)]));
  }

  #fail(problem: Problem): void {
    this.#outbox.send(this.#frame([errorMessage(problem)]));
  }

  #frame(parts: readonly EncodedMessage[]): string | Buffer {
    return this.#encoding.frameOf(parts);
  }
}

function errorMessage(problem: Problem): EncodedMessage {
  const [code, msg] = ERRORS[problem];
  return new EncodedMessage({ T: "error", code, msg });
}
