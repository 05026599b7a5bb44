/** The door of the server: cheap to open, so that a command that does not serve loads nothing of HTTP. */
import type { ServerSettings } from "./settings.ts";
import type { BackupOptions, BackupReport } from "./backup/back-up.ts";
import type { RescueReport } from "./backup/rescue.ts";
import type { RestoreOptions, RestoreReport } from "./backup/restore.ts";
import type { GuestHouse, RunningServer } from "./start.ts";

export type { BackupReport } from "./backup/back-up.ts";
export type { RescueReport } from "./backup/rescue.ts";
export type { RestoreReport } from "./backup/restore.ts";
export { createKeyStore } from "../access/index.ts";
export type { KeyStore, NewKey } from "../access/index.ts";
export { hasMarker, openDataDirectory, prepareDataDirectory } from "./data-directory.ts";
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

/** Makes a backup of a data directory, beside a running server or without one. Throws AppError; nothing is left then. */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const { backUp: run } = await import("./backup/back-up.ts");
  return run(options);
}

/** Puts a backup back as a data directory. Throws AppError; nothing is touched then. */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { restore: run } = await import("./backup/restore.ts");
  return run(options);
}

/** Takes what can be read of a data directory into a new one. Throws AppError; nothing is left then. */
export async function rescue(options: BackupOptions): Promise<RescueReport> {
  const { rescue: run } = await import("./backup/rescue.ts");
  return run(options);
}
