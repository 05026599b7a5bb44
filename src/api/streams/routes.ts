/** Streams: market data and trade updates as Alpaca has them, events of a session, and lock-step over one socket. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { SessionRegistry } from "../../sessions/index.ts";
import type { Authenticate } from "../wire/auth.ts";
import type { Bind } from "../wire/binding.ts";
import { NEWS_SOCKET } from "../wire/socket-path.ts";
import { sessionInPath } from "../wire/session-path.ts";
import { serveControl } from "./control-socket.ts";
import { createDoor } from "./door.ts";
import type { Hubs } from "./hubs.ts";
import { serveMarketData } from "./market-socket.ts";
import { registerSessionEvents } from "./session-events.ts";
import type { FeedKind } from "./subscription.ts";
import { registerTradeEvents } from "./trade-events.ts";
import { serveTradeUpdates } from "./trade-socket.ts";

/** Alpaca's feeds; those of stocks all tell the same bars. */
const FEEDS: Readonly<Record<string, FeedKind>> = {
  "/v2/sip": "stocks",
  "/v2/iex": "stocks",
  "/v2/delayed_sip": "stocks",
  "/v2/boats": "stocks",
  "/v2/overnight": "stocks",
  "/v2/otc": "stocks",
  "/v2/test": "test",
  "/v1beta3/crypto/:loc": "crypto",
  "/v1beta2/crypto": "crypto",
  [NEWS_SOCKET]: "news",
  "/v1beta1/indicative": "options",
  "/v1beta1/opra": "options",
};

export interface StreamParts {
  readonly registry: SessionRegistry;
  readonly bind: Bind;
  readonly authenticate: Authenticate;
}

/** Sockets that may say who they are in a message: registered without the hook that asks for credentials. */
export function registerSockets(app: FastifyInstance, hubs: Hubs, { bind, authenticate }: StreamParts): void {
  app.addHook("preClose", (done) => {
    hubs.close();
    done();
  });
  const door = createDoor(authenticate, bind);
  for (const [path, feed] of Object.entries(FEEDS)) {
    app.get(path, { websocket: true, schema: { hide: true } }, (socket, request) => {
      serveMarketData({ socket, request, feed, door, hubs });
    });
  }
  app.get("/stream", { websocket: true, schema: { hide: true } }, (socket, request) => {
    serveTradeUpdates({ socket, request, door, hubs });
  });
}

/** Streams of requests that carry their credentials. */
export function registerEvents(app: FastifyInstance, hubs: Hubs, { registry, bind }: StreamParts): void {
  const find = sessionInPath(registry);
  registerTradeEvents(app, { bind, hubs, assetOf: registry.catalog.findAsset });
  registerSessionEvents(app, { find, hubs, catalog: registry.catalog });
  app.get(
    "/v1/sessions/:sessionId/control",
    {
      websocket: true,
      schema: { hide: true },
      preValidation: async (request: FastifyRequest) => {
        await find(request);
      },
    },
    async (socket, request) => {
      serveControl({ app, socket, request, session: await find(request), hubs });
    },
  );
}
