/** The door of the server: cheap to open, so that a command that does not serve loads nothing of HTTP. */
import type { ServerSettings } from "./settings.ts";
import type { GuestHouse, RunningServer } from "./start.ts";

export { createKeyStore } from "../access/index.ts";
export type { KeyStore, NewKey } from "../access/index.ts";
export { openDataDirectory, prepareDataDirectory } from "./data-directory.ts";
export type { DataDirectory } from "./data-directory.ts";
export { resolveSettings } from "./settings.ts";
export type { ServerSettings } from "./settings.ts";
export type { GuestHouse, RunningServer } from "./start.ts";
export { VERSION } from "./version.ts";

/** Starts a server; throws an AppError that says what is in the way, with nothing left open. */
export async function startServer(settings: ServerSettings, guests?: GuestHouse): Promise<RunningServer> {
  const { startServer: start } = await import("./start.ts");
  return start(settings, guests);
}
