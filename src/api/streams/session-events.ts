/** What happens in a session, for clients of our own: clock, bars, orders, fills, accounts, as server-sent events. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { EngineEvent } from "../../engine/index.ts";
import { formatInstant, formatUnits, instant, refuse, type Instant } from "../../kernel/index.ts";
import type { AssetCatalog, EndedBar, FollowedFrom, SessionHandle } from "../../sessions/index.ts";
import { presentEndedBar } from "../alpaca/asset.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { queryList, queryText, refusals } from "../wire/schemas.ts";
import { optionalTime } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { draftOf } from "./hub.ts";
import type { Happening, Hubs, Telling } from "./hubs.ts";
import { openEventTail } from "./event-tail.ts";
import { tellInOrder } from "./in-order.ts";
import type { EventStream, ServerEvent } from "./sse.ts";
import { comparePlaces, placed, type Place } from "./trade-update.ts";

const TYPES = ["clock", "bars", "order", "fill", "account", "session"] as const;
type MessageType = (typeof TYPES)[number];

export interface SessionEventParts {
  readonly find: (request: FastifyRequest) => Promise<SessionHandle>;
  readonly hubs: Hubs;
  readonly catalog: AssetCatalog;
}

export function registerSessionEvents(app: FastifyInstance, { find, hubs, catalog }: SessionEventParts): void {
  app.get(
    "/v1/sessions/:sessionId/events",
    {
      schema: {
        tags: ["streams"],
        summary: "What happens in a session, as server-sent events; Last-Event-ID goes on where a reader stopped",
        params: Type.Object({ sessionId: Type.String() }),
        querystring: Type.Object({
          symbols: queryList("symbols whose bars are told; * for all"),
          types: queryList(`some of ${TYPES.join(", ")}; default all`),
          since: queryText("an event's id, or a time: what came after it is told first"),
          lockstep: queryText("true: the session waits for this reader"),
        }),
        response: refusals(400, 404, 429),
      },
    },
    async (request, reply) => {
      const session = await find(request);
      const reader = new Reader(request);
      await openEventTail({
        hubs,
        session,
        request,
        reply,
        symbols: () => reader.symbols,
        tellPast: (events, upTo) => tellPast(session, { reader, events, upTo, catalog }),
        tell: (events, telling) => {
          for (const message of reader.messagesOf(telling)) events.send(message);
        },
        ended: (events, why) => {
          events.send({ type: "session", data: { event: why === "deleted" ? "session_deleted" : "server_closing" } });
        },
      });
      return reply;
    },
  );
}

interface Past {
  readonly reader: Reader;
  readonly events: EventStream;
  readonly upTo: FollowedFrom;
  readonly catalog: AssetCatalog;
}

async function tellPast(session: SessionHandle, { reader, events, upTo, catalog }: Past): Promise<void> {
  const tell = (telling: Telling): void => {
    for (const message of reader.messagesOf(telling)) events.send(message);
  };
  const { since } = reader;
  reader.epoch = upTo.epoch;
  if (since !== undefined && !since.isTime && since.epoch !== upTo.epoch) {
    tell({ kind: "rewound", ...upTo });
  } else if (since !== undefined) {
    const happenings: Happening[] = [];
    for await (const { event, view, seq, index } of session.pastEvents({
      after: since.place.seq - 1,
      upTo: upTo.seq,
    })) {
      const isNew = comparePlaces({ seq, index }, since.place) > 0 && (!since.isTime || event.at > since.at);
      if (isNew) happenings.push({ ...draftOf(event, view, catalog.findAsset), place: { seq, index } });
    }
    const symbols = reader.symbols === "all" ? catalog.assets().map(({ symbol }) => symbol) : [...reader.symbols];
    const bars = session.endedBars({ symbols, from: since.at, until: upTo.clock });
    await tellInOrder({ bars, happenings, tell, pause: () => events.settled() ?? Promise.resolve() });
  }
  reader.place = { seq: upTo.seq, index: LAST };
  tell({ kind: "clock", from: upTo.clock, to: upTo.clock });
}

/** After every event of an entry. */
const LAST = 4_294_967_295;

interface Since {
  readonly at: Instant;
  readonly place: Place;
  /** Given as a time, which names no place in the journal. */
  readonly isTime: boolean;
  /** How often the session had gone back then. */
  readonly epoch: number;
}

/** What one client wants to hear, and how far it has been told. */
class Reader {
  readonly symbols: ReadonlySet<string> | "all";
  readonly since: Since | undefined;
  /** Of the last event that was told. */
  place: Place = { seq: 0, index: 0 };
  /** How often the session has gone back. */
  epoch = 0;
  readonly #types: ReadonlySet<string>;

  constructor(request: FastifyRequest) {
    const query = queryOf(request);
    const symbols = (query.list("symbols") ?? []).map((symbol) => symbol.toUpperCase());
    this.symbols = symbols.includes("*") ? "all" : new Set(symbols);
    this.#types = typesOf(query.list("types"));
    const last = request.headers["last-event-id"];
    this.since = sinceOf(typeof last === "string" && last !== "" ? last : query.text("since"));
    if (this.since !== undefined) this.place = this.since.place;
  }

  *messagesOf(telling: Telling): Generator<ServerEvent> {
    switch (telling.kind) {
      case "bars":
        yield* this.#barsOf(telling.bars);
        return;
      case "clock":
        yield* this.#message("clock", telling.to, { at: formatInstant(telling.to), from: formatInstant(telling.from) });
        return;
      case "rewound":
        this.place = { seq: telling.seq, index: LAST };
        this.epoch = telling.epoch;
        yield* this.#message("session", telling.clock, { event: "rewound", at: formatInstant(telling.clock) });
        return;
      case "happenings":
        for (const happening of telling.happenings) {
          this.place = happening.place;
          yield* this.#happened(happening);
        }
    }
  }

  *#message(type: MessageType, at: Instant, data: object): Generator<ServerEvent> {
    if (!this.#types.has(type)) return;
    const { seq, index } = this.place;
    const epoch = this.epoch === 0 ? "" : `-${this.epoch}`;
    yield { id: `${at}-${seq}-${index}${epoch}`, type, data };
  }

  /** Bars of one instant go together. */
  *#barsOf(bars: readonly EndedBar[]): Generator<ServerEvent> {
    for (let from = 0; from < bars.length;) {
      const end = bars[from]?.bar.end ?? instant(0);
      let until = from;
      const found: Record<string, object> = {};
      for (; until < bars.length && bars[until]?.bar.end === end; until += 1) {
        const { symbol, bar } = bars[until] as EndedBar;
        if (this.symbols === "all" || this.symbols.has(symbol)) found[symbol] = presentEndedBar(bar);
      }
      if (Object.keys(found).length > 0) yield* this.#message("bars", end, { at: formatInstant(end), bars: found });
      from = until;
    }
  }

  *#happened({ event, update, accountId, place }: Happening): Generator<ServerEvent> {
    if (update !== undefined) {
      const data = { account_id: update.accountId, ...placed(update, place) };
      yield* this.#message(event.kind === "order_filled" ? "fill" : "order", event.at, data);
    } else if (accountId !== undefined) {
      yield* this.#message("account", event.at, { account_id: accountId, ...presentPlainly(event) });
    } else if (!("order" in event)) {
      yield* this.#message("session", event.at, presentPlainly(event));
    }
  }
}

/** Fields that are told of an event of the session or an account, where it has them. */
const PLAIN_FIELDS = {
  name: "name",
  speed: "speed",
  reason: "reason",
  entry: "activity_type",
  symbol: "symbol",
  description: "description",
  date: "date",
} as const;

function presentPlainly(event: EngineEvent): object {
  const source = event as unknown as Readonly<Record<string, unknown>>;
  const fields = Object.entries(PLAIN_FIELDS).flatMap(([from, to]) =>
    source[from] === undefined ? [] : [[to, source[from]] as const],
  );
  return {
    event: event.kind,
    at: formatInstant(event.at),
    ...Object.fromEntries(fields),
    ...("netAmount" in event ? { net_amount: formatUnits(event.netAmount) } : {}),
    ...("endTime" in event ? { end_time: formatInstant(event.endTime) } : {}),
  };
}

function typesOf(wanted: readonly string[] | undefined): ReadonlySet<string> {
  const unknown = wanted?.find((type) => !(TYPES as readonly string[]).includes(type));
  if (unknown === undefined) return new Set(wanted ?? TYPES);
  throw new RefusedRequest(refuse("bad_request", `types must be some of ${TYPES.join(", ")}, got ${shown(unknown)}`));
}

function sinceOf(text: string | undefined): Since | undefined {
  if (text === undefined || text === "") return undefined;
  const [, at, seq, index, epoch = "0"] = /^(\d{1,15})-(\d{1,15})-(\d{1,10})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  if (at !== undefined) {
    const place = { seq: Number(seq), index: Number(index) };
    return { at: instant(Number(at)), place, isTime: false, epoch: Number(epoch) };
  }
  const time = optionalTime("since", text);
  return time === undefined ? undefined : { at: time, place: { seq: 1, index: 0 }, isTime: true, epoch: 0 };
}
