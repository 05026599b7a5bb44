/**
 * A breakout bot that listens for bars, with version 3 of Alpaca's SDK (npm install @alpacahq/alpaca-trade-api@3):
 *
 *     tapedeck run --from 2023-01-03 --to 2023-01-03 -- node examples/bots/breakout-v3.mjs
 */
const { default: Alpaca } = await import(process.env.ALPACA_SDK ?? "@alpacahq/alpaca-trade-api");

const alpaca = new Alpaca({ paper: true, feed: "iex" });
const bars = [];
let isHolding = false;

/** Buys above the high of the five bars before, sells below their low. */
async function onBar(bar) {
  bars.push(bar);
  const [last, ...before] = bars.slice(-6).toReversed();
  if (before.length < 5) return;
  if (!isHolding && last.ClosePrice > Math.max(...before.map(({ HighPrice }) => HighPrice))) await trade("buy");
  else if (isHolding && last.ClosePrice < Math.min(...before.map(({ LowPrice }) => LowPrice))) await trade("sell");
}

async function trade(side) {
  isHolding = side === "buy";
  if (isHolding) {
    await alpaca.createOrder({ symbol: "SPY", qty: 10, side, type: "market", time_in_force: "day" });
  } else await alpaca.closePosition("SPY");
  console.log(side, new Date().toISOString().replace(".000", ""));
}

const stream = alpaca.data_stream_v2;
stream.onConnect(() => stream.subscribeForBars(["SPY"]));
stream.onStockBar((bar) => void onBar(bar));
stream.connect();
