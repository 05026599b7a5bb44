/** The Sessions API for the past: fork a session, take it back, and see its family. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { formatInstant, refuse, type Refusal } from "../../kernel/index.ts";
import type { ForkSpec, Relation, SessionHandle, SessionRegistry } from "../../sessions/index.ts";
import { ownerOf } from "../wire/auth.ts";
import { parseCash } from "../wire/cash.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { created, DecimalInput, nullable, refusals, Time } from "../wire/schemas.ts";
import { MomentInput, momentOf, presentRewound, RewindBody, RewindReply, rewindRequest } from "../wire/rewinding.ts";
import { shown } from "../wire/validation.ts";
import { ConfigBody, parseConfig } from "./config.ts";
import { Name, SessionObject } from "./session.ts";

const TAGS = ["sessions"];
const PathParams = Type.Object({ sessionId: Type.String() });

const ForkBody = Type.Object(
  {
    at: Type.Optional(nullable(MomentInput)),
    name: Type.Optional(nullable(Name)),
    config: Type.Optional(ConfigBody),
    deposit: Type.Optional(DecimalInput),
  },
  { additionalProperties: false, description: "Without at the fork begins where the session stands." },
);

const Relative = Type.Object({
  id: Type.String(),
  name: nullable(Type.String()),
  status: Type.Enum(["active", "completed", "failed"]),
  current_time: Time,
  created_at: Time,
  depth: Type.Integer({ description: "0 for the oldest ancestor that is there." }),
  parent_id: nullable(Type.String()),
  parent_deleted: Type.Boolean(),
  forked_at: nullable(Time),
  forked_seq: nullable(Type.Integer({ description: "The last entry that it shares with its parent." })),
});

export interface PastRoutes {
  readonly registry: SessionRegistry;
  readonly find: (request: FastifyRequest) => Promise<SessionHandle>;
  readonly present: (session: SessionHandle) => Promise<Static<typeof SessionObject>>;
}

export function registerPast(app: FastifyInstance, routes: PastRoutes): void {
  registerFork(app, routes);
  registerRewind(app, routes);
  app.get(
    "/v1/sessions/:sessionId/tree",
    {
      schema: {
        tags: TAGS,
        summary: "A session's family: its oldest ancestor, then every fork right after its parent",
        params: PathParams,
        response: { 200: Type.Array(Relative), ...refusals(404) },
      },
    },
    async (request) => {
      const { sessionId } = request.params as Static<typeof PathParams>;
      const tree = await routes.registry.tree(ownerOf(request), sessionId);
      if (tree === undefined) throw notFound(sessionId);
      return tree.map(presentRelative);
    },
  );
}

function registerFork(app: FastifyInstance, { registry, present }: PastRoutes): void {
  app.post(
    "/v1/sessions/:sessionId/fork",
    {
      schema: {
        tags: TAGS,
        summary: "Make a session with the same past, up to a moment",
        params: PathParams,
        body: ForkBody,
        response: { 201: created(SessionObject), ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const { sessionId } = request.params as Static<typeof PathParams>;
      const spec = forkSpecOf(request.body as Static<typeof ForkBody>);
      const made: SessionHandle | Refusal | undefined = await registry.fork(ownerOf(request), sessionId, spec);
      if (made === undefined) throw notFound(sessionId);
      const fork = accepted(made);
      return reply
        .code(201)
        .header("location", `/v1/sessions/${fork.id}`)
        .send(await present(fork));
    },
  );
}

function registerRewind(app: FastifyInstance, { find }: PastRoutes): void {
  app.post(
    "/v1/sessions/:sessionId/time/rewind",
    {
      schema: {
        tags: TAGS,
        summary: "Take a paused session back; what came after becomes a fork, or is removed",
        params: PathParams,
        body: RewindBody,
        response: { 200: RewindReply, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request) => {
      const session = await find(request);
      const body = request.body as Static<typeof RewindBody>;
      return presentRewound(accepted(await session.rewind(rewindRequest(body, { ownWriters: 0 }))));
    },
  );
}

function forkSpecOf({ at, name, config, deposit }: Static<typeof ForkBody>): ForkSpec {
  // What is wrong with them is said before anything is read for the fork.
  if (config !== undefined) refuseHoldings(config);
  const amount = parseCash("deposit", deposit);
  if (amount !== undefined && amount <= 0n) {
    throw new RefusedRequest(refuse("bad_request", `deposit must be greater than 0, got ${shown(deposit)}`));
  }
  if (config !== undefined) parseConfig(config);
  return {
    moment: at === undefined || at === null ? undefined : momentOf("at", at),
    name: name ?? undefined,
    configure: config === undefined ? undefined : (before) => parseConfig(config, before),
    deposit: amount,
  };
}

/** They are given to new accounts when a session is made; the fork's accounts are there already. */
function refuseHoldings(config: Readonly<Record<string, unknown>>): void {
  if (config["initialPositions"] === undefined) return;
  throw new RefusedRequest(refuse("bad_request", "config.initialPositions is of a new session, not of a fork"));
}

const notFound = (id: string): RefusedRequest =>
  new RefusedRequest(refuse("not_found", `session not found: ${shown(id)}`));

function presentRelative({ session, depth }: Relation): Static<typeof Relative> {
  const { origin } = session;
  return {
    id: session.id,
    name: session.name ?? null,
    status: session.status,
    current_time: formatInstant(session.clock),
    created_at: session.createdAt,
    depth,
    parent_id: origin?.session ?? null,
    parent_deleted: origin?.isDeleted ?? false,
    forked_at: origin === undefined ? null : formatInstant(origin.at),
    forked_seq: origin?.seq ?? null,
  };
}
