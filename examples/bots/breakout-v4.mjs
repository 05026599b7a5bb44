/**
 * A breakout bot that asks once a minute, with version 4 of Alpaca's SDK (npm install @alpacahq/alpaca-trade-api@4):
 *
 *     tapedeck run --from 2023-01-03 --to 2023-01-03 -- node examples/bots/breakout-v4.mjs
 */
const { Alpaca } = await import(process.env.ALPACA_SDK ?? "@alpacahq/alpaca-trade-api");

const { trading, marketData } = new Alpaca({
  keyId: process.env.APCA_API_KEY_ID,
  secret: process.env.APCA_API_SECRET_KEY,
});
const bars = [];
let isHolding = false;

/** Buys above the high of the five bars before, sells below their low. */
async function look() {
  const { bar } = await marketData.stocks.stockLatestBarSingle({ symbol: "SPY" });
  bars.push(bar);
  const [last, ...before] = bars.slice(-6).toReversed();
  if (before.length < 5) return;
  if (!isHolding && last.c > Math.max(...before.map(({ h }) => h))) await trade("buy");
  else if (isHolding && last.c < Math.min(...before.map(({ l }) => l))) await trade("sell");
}

async function trade(side) {
  isHolding = side === "buy";
  if (isHolding) await trading.orders.market({ symbol: "SPY", qty: 10, side, timeInForce: "day" });
  else await trading.positions.deleteOpenPosition({ symbolOrAssetId: "SPY" });
  console.log(side, new Date().toISOString().replace(".000", ""));
}

for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (!(await trading.clock.legacyClock()).isOpen) break;
  await look();
}
