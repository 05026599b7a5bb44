/** Paying what holders were entitled to (rule R43). */
import { formatUnits, type Instant } from "../../kernel/index.ts";
import type { AccountEntry, DividendEntitled } from "../event.ts";
import type { Account } from "../state.ts";
import { plainEntry } from "./accruals.ts";

/** The entries of every entitlement that is payable by now, oldest first. */
export function payDividends(account: Account, at: Instant): readonly AccountEntry[] {
  return [...account.entitlements.values()]
    .filter(({ paysAt }) => paysAt <= at)
    .map((entitled) => dividendEntry(entitled, at));
}

export function dividendEntry(entitled: DividendEntitled, at: Instant): AccountEntry {
  const { account, symbol, qty, perShare, netAmount, entitlement, exDate } = entitled;
  const what = qty < 0n ? "Cash dividend charged on a short position" : "Cash dividend";
  return {
    ...plainEntry({ account, at }),
    entry: "DIV",
    subType: "CDIV",
    symbol,
    qty,
    perShare,
    netAmount,
    pays: entitlement,
    description: `${what}: ${formatUnits(perShare)} a share, ex ${exDate}`,
  };
}
