/** Assets, bars and quotes as Alpaca writes them. */
import { Type, type Static } from "typebox";
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { formatInstant, type Bar } from "../../kernel/index.ts";
import type { Asset, LabelledBar } from "../../sessions/index.ts";
import { nullable, Time } from "../wire/schemas.ts";

export const AssetView = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    class: Type.Enum(["us_equity", "crypto"]),
    exchange: Type.String(),
    symbol: Type.String(),
    name: Type.String(),
    status: Type.Enum(["active", "inactive"]),
    tradable: Type.Boolean(),
    marginable: Type.Boolean(),
    maintenance_margin_requirement: Type.Integer(),
    margin_requirement_long: Type.String(),
    margin_requirement_short: Type.String(),
    shortable: Type.Boolean(),
    easy_to_borrow: Type.Boolean(),
    borrow_status: Type.String(),
    fractionable: Type.Boolean(),
    cusip: Type.Null(),
    attributes: Type.Array(Type.String()),
    synthetic: Type.Boolean({ description: "True for the built-in sample: generated bars, not history." }),
  },
  { description: "A symbol that the catalog holds bars of." },
);

/** Percent: Alpaca's usual maintenance margin, or all of the value of what cannot be borrowed against. */
const requirementOf = ({ isMarginable, leverage }: Asset): number => (isMarginable && leverage === 1 ? 30 : 100);

export function presentAsset(asset: Asset): Static<typeof AssetView> {
  const requirement = requirementOf(asset);
  return {
    id: asset.id,
    class: asset.symbol.includes("/") ? "crypto" : "us_equity",
    exchange: asset.exchange,
    symbol: asset.symbol,
    name: asset.name,
    status: asset.isTradable ? "active" : "inactive",
    tradable: asset.isTradable,
    marginable: asset.isMarginable,
    maintenance_margin_requirement: requirement,
    margin_requirement_long: String(requirement),
    margin_requirement_short: String(requirement),
    shortable: asset.isShortable,
    easy_to_borrow: asset.isEasyToBorrow,
    borrow_status: asset.isEasyToBorrow ? "easy_to_borrow" : "hard_to_borrow",
    fractionable: asset.isFractionable,
    cusip: null,
    attributes: [],
    synthetic: asset.isSynthetic,
  };
}

export const BarView = Type.Object({
  t: Time,
  o: Type.Number(),
  h: Type.Number(),
  l: Type.Number(),
  c: Type.Number(),
  v: Type.Number(),
  vw: nullable(Type.Number()),
  n: nullable(Type.Integer()),
});

/** A bar by its start; one of a day by midnight in New York, as Alpaca labels it. */
export const presentEndedBar = (bar: Bar): Static<typeof BarView> =>
  presentBar({ ...bar, label: bar.isDay ? newYorkMidnight(newYorkDate(bar.start)) : bar.start });

export function presentBar(bar: LabelledBar): Static<typeof BarView> {
  return {
    t: formatInstant(bar.label),
    o: bar.open,
    h: bar.high,
    l: bar.low,
    c: bar.close,
    v: bar.volume,
    vw: bar.vwap ?? null,
    n: bar.trades ?? null,
  };
}
