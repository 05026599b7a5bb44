/** (k) The dashboard in Chromium: how much longer a year takes to show than a day, and a minute of playback at 600 ×. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chromium, type Browser, type Page } from "playwright-core";
import { median, type Measurement } from "./measure.js";
import { BIN, startNode } from "./processes.js";

const CHROMIUM = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== "" && existsSync(path),
);

const RUNS = 7;
const PLAYED_MS = 60_000;
const SPEED = 600;

/** First looks at the heap come while caches still fill. */
const HEAP_LOOKS = 6;

const HEADERS = {
  authorization: `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}`,
  "content-type": "application/json",
};

/** Nothing where there is no Chromium; CHROMIUM names one in an unusual place. */
export async function measureDashboard(): Promise<readonly Measurement[]> {
  if (CHROMIUM === undefined) {
    process.stdout.write("dashboard: not measured, there is no Chromium here (CHROMIUM names one)\n");
    return [];
  }
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const server = await startNode([BIN, "serve", "--port", "0", "--data-dir", dataDir]);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    return [await measureFirstCandles(browser, server.url), ...(await measurePlayback(browser, server.url))];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureFirstCandles(browser: Browser, url: string): Promise<Measurement> {
  const [day, year] = [await createSession(url), await createSession(url)];
  await post(`${url}/v1/sessions/${day}/time/advance`, { targetTime: "2023-01-03T21:00:00Z" });
  await post(`${url}/v1/sessions/${year}/time/advance`, { targetTime: "2023-12-29T21:00:00Z" });
  const times: Record<"day" | "year", number[]> = { day: [], year: [] };
  for (let run = 0; run <= RUNS; run += 1) {
    const [ofDay, ofYear] = [await firstCandlesMs(browser, url, day), await firstCandlesMs(browser, url, year)];
    // The first pair warms the caches of the server.
    if (run === 0) continue;
    times.day.push(ofDay);
    times.year.push(ofYear);
  }
  const [ofDay, ofYear] = [median(times.day), median(times.year)];
  return {
    name: "dashboard: first candles of a year of minutes, as a multiple of a day's",
    detail: `${ofYear.toFixed(0)} ms against ${ofDay.toFixed(0)} ms, medians of ${RUNS} fresh pages each, alternating`,
    value: ofYear / ofDay,
    limit: { kind: "below", value: 2 },
  };
}

/** What the page runs before its own scripts: notes when the frame is through that first shows a price. */
const NOTE_CANDLES = `new MutationObserver((_, observer) => {
  if (!/closed at .*\\d/.test(document.querySelector(".canvas")?.getAttribute("aria-label") ?? "")) return;
  if (document.querySelector(".canvas canvas") === null) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.candlesAt = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });`;

const CANDLES = `new Promise((resolve) => {
  const look = () => window.candlesAt === undefined ? setTimeout(look, 20) : resolve(window.candlesAt);
  look();
})`;

async function firstCandlesMs(browser: Browser, url: string, id: string): Promise<number> {
  const page = await openPage(browser, `${url}/s/${id}`, NOTE_CANDLES);
  const at = await page.evaluate(CANDLES);
  await page.context().close();
  return Number(at);
}

/** Notes for how long the main thread was held, in milliseconds, wherever that was over 50. */
const NOTE_BLOCKS = `window.blocks = [];
new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.blocks.push(duration); })
  .observe({ type: "longtask", buffered: true });`;

async function measurePlayback(browser: Browser, url: string): Promise<readonly Measurement[]> {
  const id = await createSession(url);
  const page = await openPage(browser, `${url}/s/${id}`, NOTE_BLOCKS);
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  const devtools = await page.context().newCDPSession(page);
  const before = await clockMs(url, id);
  await page.evaluate("window.blocks = []");
  await send("PUT", `${url}/v1/sessions/${id}/time/speed`, { speed: SPEED });
  await post(`${url}/v1/sessions/${id}/time/play`, {});
  const heaps: number[] = [];
  const longest: number[] = [];
  for (let look = 0; look < HEAP_LOOKS; look += 1) {
    await wait(PLAYED_MS / HEAP_LOOKS);
    longest.push(Number(await page.evaluate("Math.max(0, ...window.blocks)")));
    // Collecting holds the thread, and is none of the page's doing.
    await devtools.send("HeapProfiler.collectGarbage");
    heaps.push((await devtools.send("Runtime.getHeapUsage")).usedSize / 1_048_576);
    await page.evaluate("window.blocks = []");
  }
  const hours = ((await clockMs(url, id)) - before) / 3_600_000;
  await page.context().close();
  if (hours < ((PLAYED_MS / 3_600_000) * SPEED) / 2) throw new Error(`it played ${hours} simulated hours`);
  const [first = Number.NaN, last = Number.NaN] = [heaps[1], heaps.at(-1)];
  const detail = `${PLAYED_MS / 1000} s at ${SPEED} ×, ${hours.toFixed(1)} simulated hours`;
  return [
    {
      name: "dashboard: longest hold of the page's main thread during playback, ms",
      detail: `${detail}; what is shorter than 50 ms is not seen and counts as 0`,
      value: Math.max(...longest),
      limit: { kind: "below", value: 100 },
    },
    {
      name: "dashboard: heap at the end of playback, as a multiple of that after a third",
      detail: `${detail}; MB after collections: ${heaps.map((heap) => heap.toFixed(1)).join(", ")}`,
      value: last / first,
      limit: { kind: "below", value: 1.5 },
    },
  ];
}

async function openPage(browser: Browser, address: string, before: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(before);
  await page.goto(address);
  return page;
}

async function createSession(url: string): Promise<string> {
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  const { id } = await post(`${url}/v1/sessions`, span);
  const account = await post(`${url}/v1/accounts`, { initialCash: 100_000 }, id);
  const order = { symbol: "AAPL", side: "buy", qty: 10, type: "market" };
  await post(`${url}/v1/trading/accounts/${account.id}/orders`, order, id);
  return id;
}

async function clockMs(url: string, id: string): Promise<number> {
  const answer = await fetch(`${url}/v1/sessions/${id}`, { headers: HEADERS });
  const session = (await answer.json()) as { readonly current_time: string };
  return Date.parse(session.current_time);
}

const post = (address: string, body: object, session?: string): Promise<{ readonly id: string }> =>
  send("POST", address, body, session);

async function send(method: string, address: string, body: object, session = ""): Promise<{ readonly id: string }> {
  const headers = session === "" ? HEADERS : { ...HEADERS, "x-session-id": session };
  const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { readonly id: string };
}
