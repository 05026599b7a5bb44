/** What both views of an account begin with. */
import { Type } from "typebox";
import type { Account } from "../../engine/index.ts";
import type { SessionView } from "../../sessions/index.ts";

const STATUS = Type.Enum(["ACTIVE", "ACCOUNT_CLOSED"]);

export const IDENTITY = {
  id: Type.String({ format: "uuid" }),
  account_number: Type.String(),
  status: STATUS,
  crypto_status: STATUS,
  currency: Type.String(),
};

export interface Identity {
  readonly id: string;
  readonly account_number: string;
  readonly status: Account["status"];
  readonly crypto_status: Account["status"];
  readonly currency: string;
}

export function identityOf(view: SessionView, account: Account): Identity {
  return {
    id: view.ids.account(account.ordinal),
    account_number: numberOf(account),
    status: account.status,
    crypto_status: account.status,
    currency: "USD",
  };
}

/** "PA" and nine digits, as paper accounts have. */
const numberOf = (account: Account): string => `PA${String(account.ordinal).padStart(9, "0")}`;
