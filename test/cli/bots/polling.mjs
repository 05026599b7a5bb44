/** A bot as anyone would write it against Alpaca: looks once a minute, buys a breakout, sells a breakdown. */
const headers = { "APCA-API-KEY-ID": "mine", "APCA-API-SECRET-KEY": "mine" };
const ask = async (url, options = {}) => (await fetch(url, { headers, ...options })).json();
const trading = "https://paper-api.alpaca.markets/v2";
const data = "https://data.alpaca.markets/v2";
const bars = [];
let isHolding = false;

async function look() {
  const { bar } = await ask(`${data}/stocks/SPY/bars/latest`);
  bars.push(bar);
  const [last, ...before] = bars.slice(-6).toReversed();
  if (before.length < 5) return;
  if (!isHolding && last.c > Math.max(...before.map(({ h }) => h))) await trade("buy");
  else if (isHolding && last.c < Math.min(...before.map(({ l }) => l))) await trade("sell");
}

async function trade(side) {
  isHolding = side === "buy";
  const body = JSON.stringify({ symbol: "SPY", qty: 10, side, type: "market", time_in_force: "day" });
  await ask(`${trading}/orders`, { method: "POST", body });
  console.log(`${side} ${new Date().toISOString()}`);
}

while ((await ask(`${trading}/clock`)).is_open) {
  await look();
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
