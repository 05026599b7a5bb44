/** Which corporate actions are known at a clock, and their ids. */
import { v5 as uuidv5 } from "uuid";
import { effectiveAt } from "../../calendar/index.ts";
import type { CorporateAction, Instant } from "../../kernel/index.ts";
import type { AssetCatalog } from "../../sessions/index.ts";

/** Namespace of ids: the same action has the same id everywhere. */
const NAMESPACE = "4f0a3a52-8f43-4a4e-9a86-0f7f6f1c3c11";

export const actionId = ({ symbol, exDate, type }: CorporateAction): string =>
  uuidv5(`${symbol} ${exDate} ${type}`, NAMESPACE);

/** When an action was announced no source tells, so it is known once it has taken effect: never before. */
export const knownActions = (catalog: AssetCatalog, clock: Instant): readonly CorporateAction[] =>
  catalog.corporateActions().filter(({ exDate }) => (effectiveAt(exDate) ?? Infinity) <= clock);
