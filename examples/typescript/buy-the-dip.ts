/**
 * Looks at each day's bar when the exchange has closed, and buys ten more shares after a day that fell by more than one
 * percent; prints the position each evening. Plain fetch; TAPEDECK_URL names another server than http://localhost:5000.
 */

const SYMBOL = "AAPL";
const DAYS = 20;
const FALL = -0.01;

const { TAPEDECK_URL: url = "http://localhost:5000", TAPEDECK_KEY_ID: id = "test-api-key" } = process.env;
const { TAPEDECK_SECRET_KEY: secret = "test-api-secret" } = process.env;

interface Session {
  readonly id: string;
}
interface Bar {
  readonly t: string;
  readonly o: number;
  readonly c: number;
}
interface Position {
  readonly qty: string;
  readonly symbol: string;
  readonly avg_entry_price: string;
  readonly unrealized_pl: string;
}
interface CalendarDay {
  readonly date: string;
  readonly close: string;
}

/** One request; gives the JSON of the answer, or throws the server's own message. */
async function call<Answer>(method: string, path: string, body?: object, session?: string): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
      "content-type": "application/json",
      ...(session === undefined ? {} : { "x-session-id": session }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Answer & { readonly message?: string };
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.message}`);
  return answer;
}

const session = await call<Session>("POST", "/v1/sessions", {
  name: "buy the dip",
  startTime: "2023-01-03T09:30:00-05:00",
  endTime: "2023-06-30T16:00:00-04:00",
});
const account = await call<Session>("POST", "/v1/accounts", { initialCash: 100_000 }, session.id);
const trading = `/v1/trading/accounts/${account.id}`;

const calendar = await call<CalendarDay[]>(
  "GET",
  "/v1/calendar?start=2023-01-03&end=2023-06-30",
  undefined,
  session.id,
);
for (const { date, close } of calendar.slice(0, DAYS)) {
  // Winter time holds in New York until 2023-03-12, which lies beyond these days.
  await call("POST", `/v1/sessions/${session.id}/time/advance`, { targetTime: `${date}T${close}:00-05:00` });
  const { bars } = await call<{ bars: Bar[] }>(
    "GET",
    `/v1/assets/${SYMBOL}/bars?timeframe=1Hour&start=${date}`,
    undefined,
    session.id,
  );
  const [first, last] = [bars[0], bars.at(-1)];
  const change = first === undefined || last === undefined ? 0 : last.c / first.o - 1;
  if (change < FALL) {
    await call("POST", `${trading}/orders`, { symbol: SYMBOL, side: "buy", qty: 10, type: "market" }, session.id);
  }
  const [position] = await call<Position[]>("GET", `${trading}/positions`, undefined, session.id);
  const held =
    position === undefined
      ? "nothing"
      : `${position.qty} at ${position.avg_entry_price}, profit ${position.unrealized_pl}`;
  console.log(`${date}  ${(change * 100).toFixed(2).padStart(6)} %  ${held}`);
}

const { equity } = await call<{ equity: string }>("GET", `${trading}/account`, undefined, session.id);
console.log(`equity ${equity}`);
