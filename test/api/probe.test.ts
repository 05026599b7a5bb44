/** Probe. */
import { it } from "vitest";
import { openApi, openDesk } from "../support/api.ts";
it("probe", async () => {
  const api = await openApi();
  const desk = await openDesk(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" });
  const s = desk.session;
  const send = (m: string, u: string, body?: object) => api.send(m, u, { session: s, body });
  for (const symbol of ["AAPL", "MSFT", "SPY", "QQQ", "TSLA"]) await send("POST", desk.orders, { symbol, qty: 10, side: "buy" });
  for (let i = 0; i < 1500; i += 1) {
    await send("POST", desk.orders, { symbol: "AAPL", qty: 1, side: i % 2 === 0 ? "buy" : "sell" });
    await send("POST", `/v1/sessions/${s}/time/advance`, { duration: 1 });
  }
  await send("POST", `/v1/sessions/${s}/time/advance`, { targetTime: "2023-12-28T15:00:00Z" });
  const time = async (url: string) => { const t = performance.now(); const r = await send("GET", url); console.log(url.slice(-90), r.status, Math.round(performance.now() - t), "ms", JSON.stringify(r.body).length); return r; };
  const base = `/v1/trading/accounts/${desk.account}/account`;
  await time(`${base}/portfolio/history?period=1A`);
  await time(`${base}/portfolio/history?period=1A`);
  await time(`${base}/portfolio/history?period=30D&timeframe=1Min&intraday_reporting=continuous`);
  await time(`${base}/portfolio/history?period=30D&timeframe=1Min&intraday_reporting=continuous`);
  await time(`${base}/portfolio/history?period=30D&timeframe=1H`);
  await time(`/v1/accounts/${desk.account}/report?benchmark=SPY`);
  await time(`${base}/activities`);
  const r = await time(`${base}/activities?page_size=50`);
  await time(`${base}/activities?page_token=${r.body.at(-1).id}`);
  await time(`${base}`);
  await time(`/v1/accounts`);
}, 120000);
