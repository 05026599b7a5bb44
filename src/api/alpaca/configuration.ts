/** Account configurations as Alpaca writes them: what a trader may switch off for himself. */
import { Type, type Static, type TSchema } from "typebox";
import type { AccountConfiguration } from "../../engine/index.ts";

const CHECK = ["both", "entry", "exit"] as const;
const CONFIRMATION = ["all", "none"] as const;

export const ConfigurationView = Type.Object(
  {
    dtbp_check: Type.Enum([...CHECK]),
    pdt_check: Type.Enum([...CHECK]),
    trade_confirm_email: Type.Enum([...CONFIRMATION]),
    suspend_trade: Type.Boolean(),
    no_shorting: Type.Boolean(),
    fractional_trading: Type.Boolean(),
    max_margin_multiplier: Type.Enum(["1", "2", "4"]),
    max_options_trading_level: Type.Integer({ description: "Always 0: options are not traded here." }),
    ptp_no_exception_entry: Type.Boolean(),
    disable_overnight_trading: Type.Boolean(),
  },
  { description: "What holds for an account's orders beyond the rules for all." },
);

/** A field that may be absent or null, both of which change nothing; the description is what a refusal says it takes. */
const changeable = <T extends TSchema>(schema: T, description: string) =>
  Type.Optional(Type.Union([schema, Type.Null()], { description }));

const truth = () => changeable(Type.Boolean(), "true or false");
const check = () => changeable(Type.Enum([...CHECK]), `one of ${CHECK.join(", ")}`);

export const ConfigurationBody = Type.Object(
  {
    dtbp_check: check(),
    pdt_check: check(),
    trade_confirm_email: changeable(Type.Enum([...CONFIRMATION]), `one of ${CONFIRMATION.join(", ")}`),
    suspend_trade: truth(),
    no_shorting: truth(),
    fractional_trading: truth(),
    max_margin_multiplier: changeable(Type.Enum(["1", "2", "4", 1, 2, 4]), '"1", "2" or "4"'),
    max_options_trading_level: changeable(Type.Enum([0]), "0: options are not traded here"),
    ptp_no_exception_entry: truth(),
    disable_overnight_trading: truth(),
  },
  { additionalProperties: true },
);

export function presentConfiguration(configuration: AccountConfiguration): Static<typeof ConfigurationView> {
  return {
    dtbp_check: configuration.dtbpCheck,
    pdt_check: configuration.pdtCheck,
    trade_confirm_email: configuration.tradeConfirmEmail,
    suspend_trade: configuration.suspendTrade,
    no_shorting: configuration.noShorting,
    fractional_trading: configuration.fractionalTrading,
    max_margin_multiplier: MULTIPLIERS[configuration.maxMarginMultiplier],
    max_options_trading_level: 0,
    ptp_no_exception_entry: configuration.ptpNoExceptionEntry,
    disable_overnight_trading: configuration.disableOvernightTrading,
  };
}

const MULTIPLIERS = { 1: "1", 2: "2", 4: "4" } as const;

/** Only what was given: clients send whole objects padded with null. */
export function parseConfiguration(body: Static<typeof ConfigurationBody>): Partial<AccountConfiguration> {
  const multiplier = body.max_margin_multiplier;
  const given = {
    dtbpCheck: body.dtbp_check,
    pdtCheck: body.pdt_check,
    tradeConfirmEmail: body.trade_confirm_email,
    suspendTrade: body.suspend_trade,
    noShorting: body.no_shorting,
    fractionalTrading: body.fractional_trading,
    maxMarginMultiplier: multiplier === undefined || multiplier === null ? multiplier : Number(multiplier),
    ptpNoExceptionEntry: body.ptp_no_exception_entry,
    disableOvernightTrading: body.disable_overnight_trading,
  };
  const kept = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(kept) as Partial<AccountConfiguration>;
}
