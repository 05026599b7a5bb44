/** The composition root: opens what the settings name, puts it together, listens, and takes it apart again. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyStore, type Principal } from "../access/index.ts";
import { buildApp, LOOPBACK_NAMES } from "../api/index.ts";
import { openLocalJournal } from "../journal/index.ts";
import { AppError } from "../kernel/index.ts";
import { openMarket } from "../market/index.ts";
import { openRegistry } from "../sessions/index.ts";
import { serveDashboard } from "./dashboard.ts";
import { openDataDirectory } from "./data-directory.ts";
import { openStock } from "./stock.ts";
import type { ServerSettings } from "./settings.ts";
import { tlsOf } from "./tls.ts";
import { VERSION } from "./version.ts";

export interface RunningServer {
  readonly url: string;
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  /** The certificate that clients have to trust, where the server made it itself. */
  readonly caPath: string | undefined;
  /** Stops taking requests, pauses playback, writes what is to be written, and gives the data directory back. */
  readonly close: () => Promise<void>;
}

/** For a server of one's own, beside others. */
export interface GuestHouse {
  /** Where sessions and keys are kept, if not where the catalog is. */
  readonly sessionsDir?: string | undefined;
  /** Who comes with a key that is not known; undefined: nobody. */
  readonly guest?: () => Principal | undefined;
}

/** Whether only this machine reaches a host. */
const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** A host as a URL and a Host header write it. */
const hostName = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Starts a server; throws an AppError that says what is in the way, with nothing left open. */
export async function startServer(settings: ServerSettings, guests: GuestHouse = {}): Promise<RunningServer> {
  const directory = await openDataDirectory(guests.sessionsDir ?? settings.dataDir);
  const undo: (() => unknown)[] = [() => directory.release()];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    // What only reads comes first: a start that is refused for it has touched nothing.
    const tls = tlsOf(settings, directory.path);
    const market = await openMarket({ dataDir: settings.dataDir, sample: settings.sample });
    const keys = createKeyStore({ directory: directory.path, developmentKey: isLoopback(settings.host) });
    const warnings: string[] = [];
    const journal = openLocalJournal({ directory: directory.path, warn: (words) => warnings.push(words) });
    const closeJournal = undo.push(() => journal.close()) - 1;
    const registry = await openRegistry({ journal, market });
    undo[closeJournal] = () => registry.close();
    const stock = await openStock(market, join(directory.path, "uploads"));
    undo.push(() => stock.uploads.close());
    const app = await buildApp({
      registry,
      stock,
      keys: { ...keys, authenticate: (id, secret) => keys.authenticate(id, secret) ?? guests.guest?.() },
      allowedHosts: [...LOOPBACK_NAMES, hostName(settings.host), ...settings.allowedHosts],
      version: VERSION,
      logLevel: settings.logLevel,
      tls,
    });
    undo.push(() => app.close());
    for (const words of warnings) app.log.warn(words);
    await serveDashboard(app);
    const url = await listen(app, { ...settings, scheme: tls === undefined ? "http" : "https" });
    undo.push(announce(directory.path, url));
    return { url, dataDir: directory.path, caPath: tls?.caPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type App = Awaited<ReturnType<typeof buildApp>>;

async function listen(
  app: App,
  { host, port, scheme }: ServerSettings & { readonly scheme: "http" | "https" },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "cannot_listen",
      `cannot listen on ${host}:${port}: ${words}. Choose another port with --port.`,
      error,
    );
  }
  const address = app.server.address();
  const opened = typeof address === "object" && address !== null ? address.port : port;
  return `${scheme}://${hostName(host)}:${opened}`;
}

/** Tells other processes who holds the directory; the lock itself is the operating system's. */
function announce(directory: string, url: string): () => void {
  const path = join(directory, "server.json");
  writeFileSync(`${path}.new`, `${JSON.stringify({ pid: process.pid, url })}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return () => {
    rmSync(path, { force: true });
  };
}
