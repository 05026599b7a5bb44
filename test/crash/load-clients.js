/** Clients in a process of their own, each with a session and a connection: prints "ready", waits for a line, works, prints JSON. */
import { Agent, request } from "node:http";
import { once } from "node:events";

const AUTHORIZATION = `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}`;
const SPAN = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z", initialCash: 1_000_000 };

const { url, clients, commands, kind } = JSON.parse(process.argv[2] ?? "{}");

/** One connection that is kept, and one request on it at a time. */
function connect() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (method, path, body, session) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        authorization: AUTHORIZATION,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
        ...(session === undefined ? {} : { "x-session-id": session }),
      };
      const sent = request(url + path, { method, agent, headers }, (answer) => {
        const read = answer.toArray().then((chunks) => JSON.parse(Buffer.concat(chunks).toString()));
        resolve(read.then((told) => ({ status: answer.statusCode, body: told })));
      });
      sent.once("error", reject);
      sent.end(text);
    });
}

async function openDesk() {
  const ask = connect();
  const session = (await ask("POST", "/v1/sessions", SPAN)).body.id;
  const account = (await ask("POST", "/v1/accounts", {}, session)).body.id;
  const order = { symbol: "AAPL", side: "buy", qty: 1, type: "limit", limit_price: 20, time_in_force: "gtc" };
  const kinds = {
    order: () => ask("POST", `/v1/trading/accounts/${account}/orders`, order, session),
    advance: () => ask("POST", `/v1/sessions/${session}/time/advance`, { duration: 1 }),
  };
  return kinds[kind];
}

async function work(command) {
  let acknowledged = 0;
  for (let count = 0; count < commands; count += 1) {
    const { status } = await command();
    if (status < 300) acknowledged += 1;
  }
  return acknowledged;
}

const desks = [];
for (let client = 0; client < clients; client += 1) desks.push(await openDesk());
console.log("ready");
await once(process.stdin, "data");
const acknowledged = await Promise.all(desks.map(work));
console.log(JSON.stringify({ acknowledged: acknowledged.reduce((sum, count) => sum + count, 0) }));
process.exit(0);
