/** The door of the engine: commands in, events out, and the state that they fold into. */
export { postEverything } from "./accounts/accruals.ts";
export { hasDuties } from "./accounts/duties.ts";
export { accountFigures, patternDaytradingPower, valuationOf } from "./accounts/figures.ts";
export type { AccountFigures } from "./accounts/figures.ts";
export { holdingsAt } from "./accounts/history.ts";
export type { PastHoldings } from "./accounts/history.ts";
export { positionFigures } from "./accounts/holdings.ts";
export type { PositionFigures } from "./accounts/holdings.ts";
export { dayBefore, lastFigures } from "./accounts/last-close.ts";
export type { LastFigures } from "./accounts/last-close.ts";
export { isCluttered, isQuiet, nextEvents, noteCommand, openAgenda } from "./agenda.ts";
export { isWithin } from "./moment.ts";
export type { Agenda, Step } from "./agenda.ts";
export { apply } from "./apply.ts";
export type * from "./command.ts";
export { defaultConfig, RULES_VERSION } from "./config.ts";
export type { EngineConfig, InitialPosition, Profile, Slippage, YearlyRate } from "./config.ts";
export { decide } from "./decide.ts";
export type { AccountCommand } from "./decide.ts";
export type * from "./event.ts";
export { checkState } from "./invariants.ts";
export { EngineRunner } from "./runner.ts";
export type { Watcher } from "./runner.ts";
export { trailingFigures } from "./matching/trailing-figures.ts";
export type { TrailingFigures } from "./matching/trailing-figures.ts";
export { createState, setClock } from "./mutable.ts";
export {
  forgetPast,
  freezeState,
  itemsHeld,
  PastForgotten,
  releasePages,
  stateWasStored,
  thawState,
} from "./frozen.ts";
export type { FrozenHead, FrozenKey, FrozenSource } from "./frozen.ts";
export type { Rows } from "./paged.ts";
export { isOpenStatus } from "./orders/lifecycle.ts";
export { previewOrder } from "./orders/preview.ts";
export type { OrderPreview, PreviewRequest } from "./orders/preview.ts";
export { unknownSymbol } from "./orders/submit.ts";
export * from "./ports.ts";
export type * from "./state.ts";
