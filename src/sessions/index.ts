/** The door of sessions. */
export type * from "./journal-port.ts";
export { openRegistry } from "./registry.ts";
export type { RegistryParts } from "./registry.ts";
export type * from "./types.ts";
export type { WallClock } from "./wall-clock.ts";
export { namedRefusal } from "./named-refusal.ts";
