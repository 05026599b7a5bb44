/** Transfers as Alpaca writes them: cash into an account or out of it, complete as soon as it is asked for. */
import { Type, type Static } from "typebox";
import { v5 as uuidv5 } from "uuid";
import type { Account, AccountEntry, Activity } from "../../engine/index.ts";
import { absolute, cash, CASH_MAX, formatInstant, formatUnits, refuse, SCALE, type Cash } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { Decimal, DecimalInput, nullable, Time } from "../wire/schemas.ts";
import { optionalUnits } from "../wire/values.ts";

export const DIRECTIONS = ["INCOMING", "OUTGOING"] as const;

export const TransferView = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    account_id: Type.String({ format: "uuid" }),
    relationship_id: Type.Null(),
    type: Type.Enum(["ach"]),
    status: Type.Enum(["COMPLETE"]),
    reason: Type.Null(),
    amount: Decimal,
    requested_amount: Decimal,
    fee: Decimal,
    fee_payment_method: Type.String(),
    direction: Type.Enum([...DIRECTIONS]),
    created_at: Time,
    updated_at: Time,
    expires_at: Time,
    additional_information: Type.Null(),
  },
  { description: "A transfer of cash. There is no bank behind it: it is complete at once, and shown as ach." },
);

const IGNORED = Type.Optional(Type.Unknown({ description: "Accepted, and means nothing here." }));

export const TransferBody = Type.Object(
  {
    direction: Type.Enum([...DIRECTIONS]),
    amount: DecimalInput,
    transfer_type: Type.Optional(nullable(Type.Enum(["ach", "wire"]))),
    relationship_id: IGNORED,
    bank_id: IGNORED,
    timing: IGNORED,
    additional_information: IGNORED,
    fee_payment_method: IGNORED,
  },
  { additionalProperties: true },
);

/** What the transfer adds to cash: negative for a withdrawal. */
export function parseTransfer({ direction, amount }: Static<typeof TransferBody>): Cash {
  const units = optionalUnits("amount", amount, "invalid_order_parameter") ?? 0n;
  if (units <= 0n || units > CASH_MAX * SCALE) {
    const message = `amount must be > 0 and <= ${CASH_MAX}, got ${formatUnits(units)}`;
    throw new RefusedRequest(refuse("invalid_order_parameter", message));
  }
  return cash(direction === "INCOMING" ? units : -units);
}

export const isTransfer = (activity: Activity): activity is AccountEntry =>
  activity.kind === "account_entry" && (activity.entry === "CSD" || activity.entry === "CSW");

export type TransferJson = Static<typeof TransferView>;

/** All transfers of an account, oldest first. */
export function transfersOf(view: SessionView, account: Account): readonly TransferJson[] {
  const accountId = view.ids.account(account.ordinal);
  return [...account.activities].flatMap((activity, index) =>
    isTransfer(activity) ? [presentTransfer(activity, { id: uuidv5(`transfer/${index}`, accountId), accountId })] : [],
  );
}

function presentTransfer(
  { at, netAmount }: AccountEntry,
  { id, accountId }: { readonly id: string; readonly accountId: string },
): TransferJson {
  const amount = formatUnits(absolute(netAmount));
  const time = formatInstant(at);
  return {
    id,
    account_id: accountId,
    relationship_id: null,
    type: "ach",
    status: "COMPLETE",
    reason: null,
    amount,
    requested_amount: amount,
    fee: "0",
    fee_payment_method: "user",
    direction: netAmount < 0n ? "OUTGOING" : "INCOMING",
    created_at: time,
    updated_at: time,
    expires_at: time,
    additional_information: null,
  };
}
