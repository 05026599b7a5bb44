/** The door of the API. */
export { buildApp } from "./app.ts";
export type { AppParts } from "./app.ts";
export type { CatalogPort } from "./catalog-v1/port.ts";
export { LOOPBACK_NAMES } from "./wire/guard.ts";
