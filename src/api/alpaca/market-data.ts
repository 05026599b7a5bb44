/** Records of Alpaca's market data, and those that are made up from bars where there is no tape of them. */
import { Type, type Static } from "typebox";
import { formatInstant, type Bar, type Instant } from "../../kernel/index.ts";
import type { LabelledBar } from "../../sessions/index.ts";
import { Time } from "../wire/schemas.ts";
import { presentBar, type BarView } from "./asset.ts";

export const TradeView = Type.Object(
  {
    t: Time,
    x: Type.String(),
    p: Type.Number(),
    s: Type.Integer(),
    c: Type.Array(Type.String()),
    i: Type.Integer(),
    z: Type.String(),
  },
  { description: "A trade." },
);

export type TradeJson = Static<typeof TradeView>;

/** Shares of a trade, and on each side of a quote, that a bar stands for. */
const MADE_UP_SIZE = 100;

/** A price at an instant, which is all that a bar tells of the trade and the quote at its end. */
export interface MadeUp {
  readonly at: Instant;
  readonly price: number;
}

/** What a bar ended with. */
export const endOf = ({ end, close }: Pick<Bar, "end" | "close">): MadeUp => ({ at: end, price: close });

/** A trade at that price; numbered by its second, so that no two of a symbol are alike. */
export const tradeFields = ({ at, price }: MadeUp): Omit<TradeJson, "t"> => ({
  i: Math.floor(at / 1000),
  x: "V",
  p: price,
  s: MADE_UP_SIZE,
  c: ["@"],
  z: "C",
});

/** A quote whose bid and ask are that price. */
export const quoteFields = ({ price }: MadeUp): Omit<Static<typeof QuoteView>, "t"> => ({
  bx: "V",
  bp: price,
  bs: MADE_UP_SIZE,
  ax: "V",
  ap: price,
  as: MADE_UP_SIZE,
  c: ["R"],
  z: "C",
});

export const QuoteView = Type.Object(
  {
    t: Time,
    bx: Type.String(),
    bp: Type.Number(),
    bs: Type.Integer(),
    ax: Type.String(),
    ap: Type.Number(),
    as: Type.Integer(),
    c: Type.Array(Type.String()),
    z: Type.String(),
  },
  { description: "A quote." },
);

/** Of shares the volume is whole, since Go's SDK takes no other; data of fractional trades may have parts of one. */
export const presentMarketBar = (symbol: string, bar: LabelledBar): Static<typeof BarView> =>
  presentBar(symbol.includes("/") ? bar : { ...bar, volume: Math.round(bar.volume) });

export const presentTrade = (made: MadeUp): TradeJson => ({ t: formatInstant(made.at), ...tradeFields(made) });

export const presentQuote = (made: MadeUp): Static<typeof QuoteView> => ({
  t: formatInstant(made.at),
  ...quoteFields(made),
});
