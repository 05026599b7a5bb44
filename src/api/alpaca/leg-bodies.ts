/** The exits of bracket, OCO and OTO orders: `take_profit` and `stop_loss` of a body, read as prices. */
import type { OrderTerms } from "../../engine/index.ts";
import { price, refuse, type Price, type Refusal } from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { optionalUnits } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";

export type LegPrices = Pick<OrderTerms, "takeProfit" | "stopLoss" | "stopLossLimit">;

export const reject = (refusal: Refusal): never => {
  throw new RefusedRequest(refusal);
};

/** Clients pad bodies with "" and null. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

interface LegBodies {
  readonly take_profit?: unknown;
  readonly stop_loss?: unknown;
}

/** Which of them an order's class wants is the engine's to say. */
export function parseLegs(body: LegBodies): LegPrices {
  const takeProfit = legOf("take_profit", body.take_profit, "{limit_price}");
  const stopLoss = legOf("stop_loss", body.stop_loss, "{stop_price} or {stop_price, limit_price}");
  return {
    takeProfit: priceOf("take_profit.limit_price", takeProfit?.["limit_price"]),
    stopLoss: priceOf("stop_loss.stop_price", stopLoss?.["stop_price"]),
    stopLossLimit: priceOf("stop_loss.limit_price", stopLoss?.["limit_price"]),
  };
}

function legOf(field: string, value: unknown, wanted: string): Readonly<Record<string, unknown>> | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  return reject(refuse("invalid_order_parameter", `${field} must be an object ${wanted}, got ${shown(value)}`));
}

function priceOf(field: string, value: unknown): Price | undefined {
  const units = optionalUnits(field, value, "invalid_order_parameter");
  return units === undefined ? undefined : price(units);
}
