/** Amounts of cash from outside. */
import { cash, CASH_MAX, formatUnits, refuse, SCALE, type Cash } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";
import { optionalUnits } from "./values.ts";

/** Cash of a session or an account: ≥ 0, with a limit that keeps every figure exact on the wire; absent is undefined. */
export function parseCash(field: string, value: unknown): Cash | undefined {
  const units = optionalUnits(field, value, "bad_request");
  if (units === undefined) return undefined;
  if (units >= 0n && units <= CASH_MAX * SCALE) return cash(units);
  throw new RefusedRequest(refuse("bad_request", `${field} must be from 0 to ${CASH_MAX}, got ${formatUnits(units)}`));
}
