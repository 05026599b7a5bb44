/** A server for one run: on a port of its own, with sessions of its own, on the user's catalog. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { GuestHouse, ServerSettings } from "../../server/index.ts";
import { CommandError, type ExitName } from "../exit-codes.ts";
import { textOf } from "../http/server-client.ts";
import { loadServer } from "../rooms.ts";

/** The published key: the server listens on loopback alone. */
const KEYS = { "apca-api-key-id": "test-api-key", "apca-api-secret-key": "test-api-secret" };
const OWNER = "development";

/** Nobody listens in on loopback. */
const PLAIN = { tlsCert: undefined, tlsKey: undefined, tlsSelfSigned: false } as const;

export interface RunServer {
  readonly url: string;
  /** Where its sessions are kept. */
  readonly directory: string;
  /** Throws CommandError with the server's words where it refuses. */
  readonly ask: (method: string, path: string, body?: object, session?: string) => Promise<unknown>;
  /** From now on any key is taken for one of this account, that may move its session's clock. */
  readonly welcome: (session: string, account: string) => void;
  readonly close: () => Promise<void>;
}

export async function openRunServer(settings: ServerSettings): Promise<RunServer> {
  const { prepareDataDirectory, startServer } = await loadServer();
  const dataDir = prepareDataDirectory(settings.dataDir);
  const directory = join(
    dataDir,
    "runs",
    `${new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)}-${randomUUID().slice(0, 8)}`,
  );
  let guest: ReturnType<NonNullable<GuestHouse["guest"]>>;
  const server = await startServer(
    { ...settings, ...PLAIN, dataDir, host: "127.0.0.1", port: 0 },
    { sessionsDir: directory, guest: () => guest },
  );
  return {
    url: server.url,
    directory,
    ask: (method, path, body, session) => ask(`${server.url}${path}`, { method, body, session }),
    welcome: (session, account) => {
      guest = { owner: OWNER, keyId: "guest", binding: { session, account, scope: "session" } };
    },
    close: server.close,
  };
}

const EXITS: Readonly<Record<number, ExitName>> = { 400: "usage", 404: "not_found" };

interface Question {
  readonly method: string;
  readonly body: object | undefined;
  readonly session: string | undefined;
}

async function ask(url: string, { method, body, session }: Question): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...KEYS, ...(session === undefined ? {} : { "x-session-id": session }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  if (response.ok) return answer;
  const message = textOf(answer, "message");
  throw new CommandError("server_refused", message, { exit: EXITS[response.status] ?? "refused" });
}
