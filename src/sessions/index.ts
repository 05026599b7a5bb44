/** The door of sessions. */
export type * from "./journal-port.ts";
export { describeDays } from "./data-changed.ts";
export type { ChangedDay } from "./tape-pins.ts";
export { openRegistry } from "./registry.ts";
export type { RegistryParts } from "./registry.ts";
export type * from "./types.ts";
export { RunningDays } from "./running-days.ts";
export type { WallClock } from "./wall-clock.ts";
export { namedRefusal } from "./named-refusal.ts";
