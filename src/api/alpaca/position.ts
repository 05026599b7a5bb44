/** Positions as Alpaca writes them. */
import { Type, type Static } from "typebox";
import { positionFigures, type Account, type KnownMarket, type Position, type State } from "../../engine/index.ts";
import { absolute, divideHalfEven, formatUnits, SCALE } from "../../kernel/index.ts";
import type { Asset } from "../../sessions/index.ts";
import { Decimal, NullableDecimal } from "../wire/schemas.ts";

export const PositionView = Type.Object(
  {
    asset_id: Type.String(),
    symbol: Type.String(),
    exchange: Type.String(),
    asset_class: Type.Enum(["us_equity", "crypto"]),
    asset_marginable: Type.Boolean(),
    avg_entry_price: Decimal,
    qty: Type.String({ description: "Shares; negative for a short." }),
    qty_available: Decimal,
    side: Type.Enum(["long", "short"]),
    cost_basis: Decimal,
    market_value: NullableDecimal,
    unrealized_pl: NullableDecimal,
    unrealized_plpc: NullableDecimal,
    unrealized_intraday_pl: NullableDecimal,
    unrealized_intraday_plpc: NullableDecimal,
    current_price: NullableDecimal,
    lastday_price: NullableDecimal,
    change_today: NullableDecimal,
  },
  { description: "A position. What needs a price is null while none is known." },
);

export type PositionJson = Static<typeof PositionView>;

export interface PositionContext {
  readonly state: State;
  readonly account: Account;
  readonly market: KnownMarket;
  readonly assetOf: (symbol: string) => Asset | undefined;
}

export function presentPosition(
  position: Position,
  { state, account, market, assetOf }: PositionContext,
): PositionJson {
  const figures = positionFigures(state, account, position, market);
  const asset = assetOf(position.symbol);
  return {
    asset_id: asset?.id ?? "",
    symbol: position.symbol.replace("/", ""),
    exchange: asset?.exchange ?? "",
    asset_class: position.symbol.includes("/") ? "crypto" : "us_equity",
    asset_marginable: market.traits(position.symbol)?.isMarginable ?? true,
    avg_entry_price: formatUnits(position.avgEntryPrice),
    qty: formatUnits(position.qty),
    qty_available: formatUnits(figures.qtyAvailable),
    side: position.qty > 0n ? "long" : "short",
    cost_basis: formatUnits(position.costBasis),
    market_value: decimal(figures.marketValue),
    unrealized_pl: decimal(figures.unrealizedPnl),
    unrealized_plpc: decimal(shareOf(figures.unrealizedPnl, position.costBasis)),
    unrealized_intraday_pl: decimal(figures.unrealizedIntradayPnl),
    unrealized_intraday_plpc: decimal(shareOf(figures.unrealizedIntradayPnl, figures.intradayCost)),
    current_price: decimal(figures.currentPrice),
    lastday_price: decimal(figures.lastdayPrice),
    change_today: decimal(figures.changeToday),
  };
}

/** A fraction, not a percentage: profit ÷ |cost|. */
function shareOf(profit: bigint | undefined, cost: bigint | undefined): bigint | undefined {
  if (profit === undefined || cost === undefined || cost === 0n) return undefined;
  return divideHalfEven(profit * SCALE, absolute(cost));
}

const decimal = (units: bigint | undefined): string | null => (units === undefined ? null : formatUnits(units));
