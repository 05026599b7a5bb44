/** A corporate action for people and for scripts. */
import { formatUnits, type CorporateAction } from "../../kernel/index.ts";

/** Amounts as decimal texts: they are exact. */
export function actionDocument(action: CorporateAction): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(action).map(([name, value]) => [name, typeof value === "bigint" ? formatUnits(value) : value]),
  );
}

/** What happens, in a few words. */
export function actionWords(action: CorporateAction): string {
  switch (action.type) {
    case "split":
      return `${formatUnits(action.newRate)} for ${formatUnits(action.oldRate)}`;
    case "cash_dividend":
      return `$${formatUnits(action.cashPerShare)} a share${action.payDate === undefined ? "" : `, paid ${action.payDate}`}`;
    case "symbol_change":
      return `now ${action.newSymbol}`;
    case "delisting":
    case "merger":
      return action.cashPerShare === undefined
        ? "at the last price"
        : `for $${formatUnits(action.cashPerShare)} a share`;
  }
}
