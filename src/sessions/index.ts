/** The door of sessions. */
export type * from "./journal-port.ts";
export type * from "./types.ts";
