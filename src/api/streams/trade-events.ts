/** Trade updates as server-sent events: Alpaca's for one account, and the broker's for all accounts of a session. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuse, type Instant } from "../../kernel/index.ts";
import type { Asset } from "../../sessions/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { queryText, refusals } from "../wire/schemas.ts";
import { nanosOf, optionalTime } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { Type } from "typebox";
import type { Bind } from "../wire/binding.ts";
import { openEventTail } from "./event-tail.ts";
import type { Hubs } from "./hubs.ts";
import type { EventStream } from "./sse.ts";
import {
  comparePlaces,
  draftUpdate,
  eventNumberOf,
  nanosAt,
  placed,
  placeOfNumber,
  type DraftUpdate,
  type Place,
} from "./trade-update.ts";
import { parseUlid } from "./ulid.ts";

export interface TradeEventParts {
  readonly bind: Bind;
  readonly hubs: Hubs;
  readonly assetOf: (symbol: string) => Asset | undefined;
}

/** A surface's manner: whose updates, and how an event is numbered. */
interface Manner {
  readonly path: string;
  readonly summary: string;
  readonly isBroker: boolean;
  readonly hasNumbers: boolean;
}

const MANNERS: readonly Manner[] = [
  { path: "/v2/events/trades", summary: "Trade updates", isBroker: false, hasNumbers: false },
  { path: "/v2beta1/events/trades", summary: "Trade updates", isBroker: false, hasNumbers: false },
  { path: "/v1/events/trades", summary: "Trade updates of all accounts", isBroker: true, hasNumbers: true },
];

const NO_SYMBOLS: ReadonlySet<string> = new Set();

export function registerTradeEvents(app: FastifyInstance, parts: TradeEventParts): void {
  for (const manner of MANNERS) {
    app.get(
      manner.path,
      {
        schema: {
          tags: ["streams"],
          summary: `${manner.summary}, as server-sent events`,
          querystring: Type.Object({
            since: queryText("RFC 3339 or a date: from then on, history first"),
            until: queryText("ends the stream; needs since"),
            since_id: queryText("event_id, inclusive: from that event on"),
            until_id: queryText("ends the stream with that event; needs since_id"),
            lockstep: queryText("true: the session waits for this reader"),
          }),
          response: refusals(400, 404, 429),
        },
      },
      async (request, reply) => {
        await stream(parts, manner, { request, reply });
        return reply;
      },
    );
  }
}

async function stream(
  { bind, hubs, assetOf }: TradeEventParts,
  manner: Manner,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<void> {
  const { session, account } = await bind(request);
  if (!manner.isBroker && account === undefined) {
    throw new RefusedRequest(refuse("bad_request", "the session has several accounts: say which with X-Account-Id"));
  }
  const range = rangeOf(queryOf(request), manner);
  const send = (events: EventStream, draft: DraftUpdate, place: Place): void => {
    if (isPast(range, draft.at, place)) events.end();
    else if ((manner.isBroker || draft.account === account) && isWithin(range, draft.at, place)) {
      events.send({ data: present(manner, draft, place) });
    }
  };
  const endAt = (events: EventStream, clock: Instant): void => {
    if (range.until !== undefined && clock > range.until.at) events.end();
  };
  await openEventTail({
    hubs,
    session,
    request,
    reply,
    symbols: () => NO_SYMBOLS,
    tellPast: async (events, upTo) => {
      if (range.hasHistory) {
        for await (const past of session.pastEvents({ after: range.afterSeq, upTo: upTo.seq })) {
          const draft = draftUpdate(past.event, past.view, assetOf);
          if (draft !== undefined) send(events, draft, past);
        }
      }
      endAt(events, upTo.clock);
    },
    tell: (events, telling) => {
      if (telling.kind === "happenings") {
        for (const { update, place } of telling.happenings) if (update !== undefined) send(events, update, place);
      } else if (telling.kind === "clock") endAt(events, telling.to);
    },
  });
}

function present({ isBroker, hasNumbers }: Manner, draft: DraftUpdate, place: Place): object {
  const update = placed(draft, place);
  return {
    ...(isBroker ? { account_id: draft.accountId } : {}),
    ...update,
    ...(hasNumbers ? { event_id: eventNumberOf(place) } : {}),
  };
}

/** A moment to the nanosecond. */
interface Moment {
  readonly at: Instant;
  readonly nanos: number;
}

interface Range {
  readonly hasHistory: boolean;
  readonly afterSeq: number;
  readonly since: Moment | undefined;
  readonly until: Moment | undefined;
  readonly sinceId: Place | undefined;
  readonly untilId: Place | undefined;
}

function rangeOf(query: Query, manner: Manner): Range {
  const since = momentOf("since", query.text("since"));
  const until = momentOf("until", query.text("until"));
  const sinceId = placeOf("since_id", query.text("since_id") ?? query.text("since_ulid"), manner);
  const untilId = placeOf("until_id", query.text("until_id") ?? query.text("until_ulid"), manner);
  if (since !== undefined && sinceId !== undefined) throw bad("give since or since_id, not both");
  if (until !== undefined && since === undefined) throw bad("until needs since");
  if (untilId !== undefined && sinceId === undefined) throw bad("until_id needs since_id");
  const afterSeq = sinceId === undefined ? 0 : sinceId.seq - 1;
  return { hasHistory: since !== undefined || sinceId !== undefined, afterSeq, since, until, sinceId, untilId };
}

const bad = (message: string): RefusedRequest => new RefusedRequest(refuse("bad_request", message));

function momentOf(field: string, text: string | undefined): Moment | undefined {
  const at = optionalTime(field, text);
  return at === undefined ? undefined : { at, nanos: nanosOf(text) };
}

/** A ULID, or where events are numbered a number too. */
function placeOf(field: string, text: string | undefined, { hasNumbers }: Manner): Place | undefined {
  if (text === undefined || text === "") return undefined;
  if (hasNumbers && /^\d{1,15}$/.test(text)) return placeOfNumber(Number(text));
  const place = parseUlid(text);
  if (place !== undefined) return place;
  throw bad(`${field} must be an event_id that this stream gave, got ${shown(text)}`);
}

const isAfter = (at: Instant, place: Place, { at: than, nanos }: Moment): boolean =>
  at !== than ? at > than : nanosAt(place) > nanos;

function isWithin({ since, sinceId }: Range, at: Instant, place: Place): boolean {
  if (since !== undefined && !isAfter(at, place, { at: since.at, nanos: since.nanos - 1 })) return false;
  return sinceId === undefined || comparePlaces(place, sinceId) >= 0;
}

function isPast({ until, untilId }: Range, at: Instant, place: Place): boolean {
  if (until !== undefined && isAfter(at, place, until)) return true;
  return untilId !== undefined && comparePlaces(place, untilId) > 0;
}
