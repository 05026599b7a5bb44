/** (a) Advancing one minute over one connection with five open orders, as a share of a bare echo; all on one CPU. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, type Measurement } from "./measure.js";
import { BIN, canPin, runPinned, startNode } from "./processes.js";

const REQUESTS = 4000;
const ROUNDS = 7;
const AUTHORIZATION = `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}`;

export async function measurePingPong(): Promise<Measurement> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const server = await startNode([BIN, "serve", "--port", "0", "--data-dir", dataDir]);
  const echo = await startNode([fileURLToPath(new URL("echo-server.js", import.meta.url))]);
  try {
    const shares: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const session = await openSession(server.url);
      const ours = ping(server.url, `/v1/sessions/${session}/time/advance`);
      const bare = ping(echo.url, "/");
      if (round === 0) continue;
      shares.push(ours / bare);
      rates.push(ours);
    }
    const pinned = canPin ? "pinned to one CPU" : "NOT pinned: no taskset here";
    return {
      name: "ping-pong: advance one minute, share of a bare echo",
      detail: `${Math.round(median(rates))} advances/s, ${pinned}, median of ${ROUNDS} rounds of ${REQUESTS}`,
      value: median(shares),
      limit: { kind: "at least", value: 0.5 },
    };
  } finally {
    await Promise.all([server.stop(), echo.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A session with an account that has five resting orders. */
async function openSession(url: string): Promise<string> {
  const post = async (path: string, body: object, session?: string): Promise<string> => {
    const headers = { authorization: AUTHORIZATION, ...(session === undefined ? {} : { "x-session-id": session }) };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { id: string }).id;
  };
  const session = await post("/v1/sessions", {
    startTime: "2023-01-03T14:30:00Z",
    endTime: "2023-12-29T21:00:00Z",
    config: { gtcDays: null },
  });
  const account = await post("/v1/accounts", {}, session);
  for (const symbol of ["AAPL", "MSFT", "NVDA", "SPY", "QQQ"]) {
    const order = { symbol, side: "buy", qty: 1, type: "limit", limit_price: 1, time_in_force: "gtc" };
    await post(`/v1/trading/accounts/${account}/orders`, order, session);
  }
  return session;
}

/** Requests a second. */
function ping(url: string, path: string): number {
  const { hostname: host, port } = new URL(url);
  const body = '{"duration":1}';
  const request = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    `Authorization: ${AUTHORIZATION}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
  return Number(
    runPinned("ping-pong-client.js", [JSON.stringify({ host, port: Number(port), request, count: REQUESTS })]),
  );
}
