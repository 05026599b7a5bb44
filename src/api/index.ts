/** The door of the API. */
export { buildApp } from "./app.ts";
export type { AppParts } from "./app.ts";
export { LOOPBACK_NAMES } from "./wire/guard.ts";
