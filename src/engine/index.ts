/** The door of the engine. */
export * from "./command.ts";
export * from "./config.ts";
export type * from "./event.ts";
export type * from "./ports.ts";
export type * from "./state.ts";
