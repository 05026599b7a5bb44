/** The door of the server. */
export { openDataDirectory, prepareDataDirectory } from "./data-directory.ts";
export type { DataDirectory } from "./data-directory.ts";
export type { ServerSettings } from "./settings.ts";
export { startServer } from "./start.ts";
export type { RunningServer } from "./start.ts";
export { VERSION } from "./version.ts";
