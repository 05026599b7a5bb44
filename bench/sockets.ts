/** Streams: lock-step over one socket and bars to one reader, as shares of bare `ws`; and 200 readers of one session. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { median, type Measurement } from "./measure.js";
import { BIN, canPin, runFresh, runPinned, startNode } from "./processes.js";

const HEADERS = { authorization: `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}` };
const ROUNDS = 5;
const ADVANCES = 4000;
const SYMBOLS = ["AAPL", "MSFT", "NVDA", "SPY", "QQQ"];
/** Minutes of the sample year, regular and extended, that five symbols have at least. */
const BARS = 400_000;
const READERS = 200;
const MINUTES = 120;

interface Place {
  readonly url: string;
  readonly session: string;
  readonly account: string;
}

async function post(url: string, body: object, session?: string): Promise<{ readonly id: string }> {
  const headers = { ...HEADERS, ...(session === undefined ? {} : { "x-session-id": session }) };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { id: string };
}

async function openPlace(url: string): Promise<Place> {
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  const { id: session } = await post(`${url}/v1/sessions`, span);
  const { id: account } = await post(`${url}/v1/accounts`, {}, session);
  return { url, session, account };
}

const socketOf = (url: string): string => url.replace("http", "ws");

export async function measureSockets(): Promise<readonly Measurement[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const server = await startNode([BIN, "serve", "--port", "0", "--data-dir", dataDir]);
  const echo = await startNode([fileURLToPath(new URL("ws-echo-server.js", import.meta.url))]);
  try {
    return [
      await measureLockStep(server.url, echo.url),
      await measureBars(server.url, echo.url),
      await measureReaders(server.url),
    ];
  } finally {
    await Promise.all([server.stop(), echo.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureLockStep(ours: string, bare: string): Promise<Measurement> {
  const shares: number[] = [];
  const rates: number[] = [];
  const ping = '{"action":"advance","duration":1}';
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { session } = await openPlace(ours);
    const job = { headers: HEADERS, ping, count: ADVANCES };
    const url = `${socketOf(ours)}/v1/sessions/${session}/control`;
    const rate = Number(runPinned("socket-client.js", [JSON.stringify({ ...job, url })]));
    const peer = Number(runPinned("socket-client.js", [JSON.stringify({ ...job, url: socketOf(bare) })]));
    if (round === 0) continue;
    shares.push(rate / peer);
    rates.push(rate);
  }
  return {
    name: "lock-step: advance one minute over one socket, share of a bare ws echo",
    detail: `${Math.round(median(rates))} round trips/s, ${canPin ? "pinned to one CPU" : "NOT pinned"}, median of ${ROUNDS} rounds of ${ADVANCES}`,
    value: median(shares),
    limit: { kind: "at least", value: 0.5 },
  };
}

async function measureBars(ours: string, bare: string): Promise<Measurement> {
  const shares: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { session, account } = await openPlace(ours);
    const job = {
      url: `${socketOf(ours)}/sim/${account}/lockstep/v2/sip`,
      headers: { "apca-api-key-id": "test-api-key", "apca-api-secret-key": "test-api-secret" },
      hello: [JSON.stringify({ action: "subscribe", bars: SYMBOLS })],
      count: BARS,
      start: {
        url: `${ours}/v1/sessions/${session}/time/advance`,
        body: JSON.stringify({ targetTime: "2023-12-29T21:00:00Z" }),
      },
    };
    const rate = Number(runFresh("socket-client.js", [JSON.stringify(job)]));
    const flood = { url: socketOf(bare), headers: {}, count: BARS, flood: `flood ${BARS}` };
    const peer = Number(runFresh("socket-client.js", [JSON.stringify(flood)]));
    if (round === 0) continue;
    shares.push(rate / peer);
    rates.push(rate);
  }
  return {
    name: "market data: bars of 5 symbols for a year to one reader, share of a bare ws that writes as many",
    detail: `${Math.round(median(rates))} bars/s, in lock-step, ${BARS} bars, median of ${ROUNDS} rounds`,
    value: median(shares),
    limit: { kind: "at least", value: 0.1 },
  };
}

/** Every reader must hear every bar; the value is how many were lost. */
async function measureReaders(url: string): Promise<Measurement> {
  const { session, account } = await openPlace(url);
  const heard = Array.from({ length: READERS }, () => 0);
  const sockets = await Promise.all(heard.map((_none, index) => openReader({ url, session, account }, index, heard)));
  const startedAt = performance.now();
  for (let minute = 0; minute < MINUTES; minute += 1) {
    await post(`${url}/v1/sessions/${session}/time/advance`, { duration: 1 });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const socket of sockets) socket.terminate();
  const wanted = MINUTES * SYMBOLS.length * READERS;
  const total = heard.reduce((sum, count) => sum + count, 0);
  return {
    name: `${READERS} sockets on one session: bars lost`,
    detail: `${total} of ${wanted} bars heard, ${Math.round(total / seconds)} a second`,
    value: wanted - total,
    limit: { kind: "below", value: 1 },
  };
}

function openReader({ url, account }: Place, index: number, heard: number[]): Promise<WebSocket> {
  const headers = { "apca-api-key-id": "test-api-key", "apca-api-secret-key": "test-api-secret" };
  const socket = new WebSocket(`${socketOf(url)}/sim/${account}/v2/iex`, { headers, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => {
      socket.send(JSON.stringify({ action: "subscribe", bars: SYMBOLS }));
    });
    socket.on("message", (data: Buffer) => {
      const messages = JSON.parse(data.toString()) as readonly { readonly T: string }[];
      if (messages[0]?.T === "subscription") resolve(socket);
      heard[index] = (heard[index] ?? 0) + messages.filter(({ T }) => T === "b").length;
    });
  });
}
