/** A copy of a session on a server of its own, with the bars of another data directory; gone when the work is done. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "../../kernel/index.ts";
import type { Call } from "../call.ts";
import { interrupted, wrongUsage } from "../exit-codes.ts";
import { createServerClient, fieldOf, textOf, type ServerClient } from "../http/server-client.ts";
import { listenForInterruption } from "../interruption.ts";
import { loadServer } from "../rooms.ts";

export interface GuestCopy {
  readonly client: ServerClient;
  /** Of the copy. */
  readonly id: string;
}

/** Alone on loopback, without a certificate. */
const PRIVATE = {
  port: 0,
  host: "127.0.0.1",
  allowedHosts: [],
  logLevel: "warn",
  tlsCert: undefined,
  tlsKey: undefined,
  tlsSelfSigned: false,
} as const;

export interface GuestRequest {
  readonly call: Call;
  /** Of the session's server. */
  readonly client: ServerClient;
  readonly id: string;
  /** The data directory whose bars are wanted. */
  readonly bars: string;
}

/** Runs `work` with the copy. Throws CommandError where there is no such directory, or a server refuses. */
export async function withGuestCopy<T>(
  { call, client, id, bars }: GuestRequest,
  work: (copy: GuestCopy) => Promise<T>,
): Promise<T> {
  const { hasMarker, startServer } = await loadServer();
  const dataDir = resolve(bars);
  if (!hasMarker(dataDir)) throw wrongUsage(`--data: ${dataDir} is no data directory; import bars into one first`);
  const sessionsDir = await mkdtemp(join(tmpdir(), "tapedeck-replay-"));
  const { signal, ignore } = listenForInterruption();
  try {
    const server = await startServer(
      { ...PRIVATE, dataDir, sample: call.options["sample"] !== false },
      { sessionsDir },
    );
    // What waits for an answer of it fails then.
    signal.addEventListener("abort", () => void server.close());
    try {
      const own = createServerClient({ ...call, env: {}, options: { ...call.options, url: server.url } });
      const { body: file } = await client.open("GET", `/v1/sessions/${encodeURIComponent(id)}/export`);
      const { body } = await own.read(await own.open("POST", "/v1/sessions/import", file ?? undefined));
      return await work({ client: own, id: textOf(fieldOf(body, "session"), "id") });
    } finally {
      await server.close();
    }
  } catch (error) {
    if (signal.aborted) throw interrupted("nothing was changed");
    // The client speaks of the private server, which nobody has started by hand.
    if (error instanceof AppError) throw error;
    throw new AppError("journal_unavailable", `The copy of session ${id} could not be made: ${String(error)}`, error);
  } finally {
    ignore();
    await rm(sessionsDir, { recursive: true, force: true });
  }
}
