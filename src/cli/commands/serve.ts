/** `tapedeck serve`: starts the server, says what to try, and stops it in order when asked. */
import { basename, relative } from "node:path";
import type { RunningServer } from "../../server/index.ts";
import type { Call } from "../call.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { STOP_SIGNALS } from "../interruption.ts";
import { greeting } from "../output/greeting.ts";
import { loadServer } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

/** How long a client may hold up the stop; below the ten seconds after which a container is killed. */
const STOP_MS_MAX = 5000;

export async function run(call: Call): Promise<void> {
  const settings = await settingsOf(call);
  const { startServer } = await loadServer();
  const stop = listenForStop();
  try {
    const server = await startServer(settings);
    const { url, dataDir, caPath } = server;
    const facts = { url, dataDir, caPath, host: settings.host, sample: settings.sample, version: call.version };
    const text = greeting({ ...facts, command: commandName(process.argv[1] ?? "") });
    if (!stop.isAsked()) call.answer({ ...facts, pid: process.pid }, text);
    await stop.asked;
    await closeInTime(server);
  } finally {
    stop.ignore();
  }
}

/** "tapedeck" where it is installed, else as it is started from a checkout. */
function commandName(script: string): string {
  return basename(script) === "tapedeck.js" ? `node ${relative(process.cwd(), script)}` : "tapedeck";
}

/** What is acknowledged is on disk, so a client that never ends its request can lose nothing but its own answer. */
async function closeInTime(server: RunningServer): Promise<void> {
  const deadline = setTimeout(() => {
    process.stderr.write(`tapedeck: a client held up the stop for ${STOP_MS_MAX / 1000} s; ended at once.\n`);
    process.exit(EXIT_CODES.interrupted.code);
  }, STOP_MS_MAX);
  await server.close();
  clearTimeout(deadline);
}

interface Stop {
  readonly asked: Promise<void>;
  readonly isAsked: () => boolean;
  readonly ignore: () => void;
}

/** Listens from before the start, so that no signal is lost; a second one ends the process at once. */
function listenForStop(): Stop {
  let isAsked = false;
  let resolveAsked = (): void => {};
  const asked = new Promise<void>((resolve) => {
    resolveAsked = resolve;
  });
  const onSignal = (): void => {
    if (isAsked) process.exit(EXIT_CODES.interrupted.code);
    isAsked = true;
    resolveAsked();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return {
    asked,
    isAsked: () => isAsked,
    ignore: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
    },
  };
}
