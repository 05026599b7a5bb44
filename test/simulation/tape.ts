/** A generated market as the views that the engine reads. */
import type { AssetTraits, Tape } from "../../src/engine/index.ts";
import { arrayTape } from "../support/array-tape.ts";
import type { AuditMarket } from "./auditor/types.ts";

export const PLAIN_TRAITS: AssetTraits = {
  isTradable: true,
  isFractionable: true,
  isShortable: true,
  isEasyToBorrow: true,
  isMarginable: true,
  leverage: 1,
};

export const tapeOf = ({ bars, actions, traits }: AuditMarket): Tape =>
  arrayTape(bars, { actions: Object.values(actions).flat(), traits });
