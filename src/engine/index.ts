/** The door of the engine: commands in, events out, and the state that they fold into. */
export { accountFigures, positionFigures } from "./accounts/figures.ts";
export type { AccountFigures, PositionFigures } from "./accounts/figures.ts";
export { isQuiet, nextEvents, openAgenda } from "./agenda.ts";
export type { Agenda, Step } from "./agenda.ts";
export { apply } from "./apply.ts";
export type * from "./command.ts";
export { defaultConfig, RULES_VERSION } from "./config.ts";
export type { EngineConfig, InitialPosition, Profile, Slippage } from "./config.ts";
export { decide } from "./decide.ts";
export type { AccountCommand } from "./decide.ts";
export type * from "./event.ts";
export { checkState } from "./invariants.ts";
export { createState, setClock } from "./mutable.ts";
export { isOpenStatus } from "./orders/lifecycle.ts";
export { unknownSymbol } from "./orders/submit.ts";
export type * from "./ports.ts";
export type * from "./state.ts";
