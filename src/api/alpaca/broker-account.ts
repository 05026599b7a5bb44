/** An account as Alpaca's Broker API shows it: who it belongs to, not what it holds. */
import { Type, type Static } from "typebox";
import { lastFigures, type Account } from "../../engine/index.ts";
import { formatInstant, formatUnits } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { Decimal, Time } from "../wire/schemas.ts";
import { profileOf, type Profile } from "./account-profile.ts";
import { IDENTITY, identityOf } from "./account-identity.ts";

export const BrokerAccountView = Type.Object(
  {
    ...IDENTITY,
    last_equity: Decimal,
    created_at: Time,
    account_type: Type.String(),
    account_name: Type.String(),
    trading_type: Type.String(),
    enabled_assets: Type.Array(Type.String()),
    contact: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    identity: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { description: "An account as Alpaca's Broker API shows it." },
);

/** Blocks that the client has filled; alpaca-py wants fields inside any that is there. */
function givenParts({ contact, identity }: Profile): Partial<Profile> {
  return Object.fromEntries(
    Object.entries({ contact, identity }).filter(([, block]) => Object.keys(block as object).length > 0),
  );
}

export function presentBrokerAccount(view: SessionView, account: Account): Static<typeof BrokerAccountView> {
  return {
    ...identityOf(view, account),
    last_equity: formatUnits(lastFigures(view.state, account, view.market).equity),
    created_at: formatInstant(account.openedAt),
    account_type: "trading",
    account_name: view.state.name ?? "Tapedeck account",
    trading_type: "margin",
    enabled_assets: ["us_equity"],
    ...givenParts(profileOf(account)),
  };
}
