/** The same bot, which listens for bars instead of asking for them, and for what becomes of its orders. */
import { WebSocket } from "ws";

const headers = { "APCA-API-KEY-ID": "mine", "APCA-API-SECRET-KEY": "mine" };
const bars = [];
let isHolding = false;

async function hear(bar) {
  bars.push(bar);
  const [last, ...before] = bars.slice(-6).toReversed();
  if (before.length < 5) return;
  if (!isHolding && last.c > Math.max(...before.map(({ h }) => h))) await trade("buy");
  else if (isHolding && last.c < Math.min(...before.map(({ l }) => l))) await trade("sell");
}

async function trade(side) {
  isHolding = side === "buy";
  const body = JSON.stringify({ symbol: "SPY", qty: 10, side, type: "market", time_in_force: "day" });
  await fetch("https://paper-api.alpaca.markets/v2/orders", { method: "POST", headers, body });
  console.log(`${side} ${new Date().toISOString()}`);
}

const prices = new WebSocket("wss://stream.data.alpaca.markets/v2/iex");
prices.on("open", () => prices.send(JSON.stringify({ action: "auth", key: "mine", secret: "mine" })));
prices.on("message", (text) => {
  for (const message of JSON.parse(text)) {
    if (message.msg === "authenticated") prices.send(JSON.stringify({ action: "subscribe", bars: ["SPY"] }));
    if (message.T === "b") void hear(message);
  }
});
const updates = new WebSocket("wss://paper-api.alpaca.markets/stream");
updates.on("open", () => {
  updates.send(JSON.stringify({ action: "auth", key: "mine", secret: "mine" }));
  updates.send(JSON.stringify({ action: "listen", data: { streams: ["trade_updates"] } }));
});
updates.on("message", (text) => {
  const { event, price } = JSON.parse(text).data;
  if (event === "fill") console.log(`fill ${price}`);
});
