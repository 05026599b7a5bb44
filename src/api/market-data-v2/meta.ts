/** What the letters of market data mean: exchanges, and conditions of trades and quotes. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { queryOf } from "../wire/query.ts";
import { queryText, refusals } from "../wire/schemas.ts";
import { oneOf } from "../wire/values.ts";
import { bad, TAGS } from "./market.ts";

/** The participants of the consolidated tapes. */
const EXCHANGES: Readonly<Record<string, string>> = {
  A: "NYSE American (AMEX)",
  B: "NASDAQ OMX BX",
  C: "National Stock Exchange",
  D: "FINRA ADF",
  E: "Market Independent",
  H: "MIAX",
  I: "International Securities Exchange",
  J: "Cboe EDGA",
  K: "Cboe EDGX",
  L: "Long Term Stock Exchange",
  M: "Chicago Stock Exchange",
  N: "New York Stock Exchange",
  P: "NYSE Arca",
  Q: "NASDAQ OMX",
  S: "NASDAQ Small Cap",
  T: "NASDAQ Int",
  U: "Members Exchange",
  V: "IEX",
  W: "CBOE",
  X: "NASDAQ OMX PSX",
  Y: "Cboe BYX",
  Z: "Cboe BZX",
};

/** Conditions that this server gives, and the most common others; A and B are the tapes of the CTA, C that of the UTP. */
const CONDITIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "trade AB": {
    " ": "Regular Sale",
    B: "Average Price Trade",
    C: "Cash Trade (Same Day Clearing)",
    E: "Automatic Execution",
    F: "Inter-market Sweep Order",
    H: "Price Variation Trade",
    I: "Odd Lot Trade",
    O: "Market Center Opening Trade",
    P: "Prior Reference Price",
    T: "Extended Hours Trade",
    U: "Extended Hours (Sold Out Of Sequence)",
    X: "Cross Trade",
    Z: "Sold (Out of Sequence)",
    "4": "Derivatively Priced",
    "5": "Market Center Reopening Trade",
    "6": "Market Center Closing Trade",
    "@": "Regular Sale",
  },
  "trade C": {
    "@": "Regular Sale",
    A: "Acquisition",
    B: "Bunched Trade",
    C: "Cash Sale",
    D: "Distribution",
    F: "Intermarket Sweep",
    G: "Bunched Sold Trade",
    H: "Price Variation Trade",
    I: "Odd Lot Trade",
    L: "Sold Last",
    M: "Market Center Official Close",
    N: "Next Day",
    O: "Opening Prints",
    P: "Prior Reference Price",
    Q: "Market Center Official Open",
    R: "Seller",
    T: "Form T",
    U: "Extended trading hours (Sold Out of Sequence)",
    W: "Average Price Trade",
    X: "Cross Trade",
    Z: "Sold (out of Sequence)",
    "4": "Derivatively priced",
    "5": "Re-Opening Prints",
    "6": "Closing Prints",
    "9": "Corrected Consolidated Close (per listing market)",
  },
  quote: {
    A: "Slow Quote Offer Side",
    B: "Slow Quote Bid Side",
    C: "Closing Quote",
    H: "Slow Quote Bid And Offer Side",
    L: "Market Maker Quotes Closed",
    N: "Non-Firm Quote",
    O: "Opening Quote",
    R: "Regular Market Maker Open",
    W: "Slow Quote Due To Set Slow List On Both Bid And Offer Sides",
    Y: "Regular One-Sided Quote",
  },
};

const Names = Type.Record(Type.String(), Type.String());

export function registerMeta(app: FastifyInstance): void {
  app.get(
    "/v2/stocks/meta/exchanges",
    { schema: { tags: TAGS, summary: "Exchanges by their letter", response: { 200: Names, ...refusals() } } },
    () => Promise.resolve({ ...EXCHANGES }),
  );
  app.get(
    "/v2/stocks/meta/conditions/:tickType",
    {
      schema: {
        tags: TAGS,
        summary: "Conditions of trades or quotes by their letter",
        params: Type.Object({ tickType: Type.String({ description: "trade or quote" }) }),
        querystring: Type.Object({ tape: queryText("A, B or C; required") }),
        response: { 200: Names, ...refusals(400) },
      },
    },
    async (request) => {
      const { tickType } = request.params as { readonly tickType: string };
      const type = oneOf("ticktype", tickType, ["trade", "quote"] as const);
      const tape = oneOf("tape", queryOf(request).text("tape")?.toUpperCase(), ["A", "B", "C"] as const);
      if (tape === undefined) throw bad("tape is required: A, B or C");
      const table = type === "quote" ? "quote" : `trade ${tape === "C" ? "C" : "AB"}`;
      return { ...CONDITIONS[table] };
    },
  );
}
