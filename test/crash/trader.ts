/** A trader with a record of its own: every acknowledgement it got, to hold against the server after a crash. */
import { createClient, field, type Client } from "../support/http-client.ts";

interface OrderRecord {
  readonly id: string;
  isCanceled: boolean;
  /** Most shares that an answer has shown as filled. */
  filledQty: number;
}

export interface Trader {
  /** Trades until the connection breaks or it has had so many answers. */
  readonly trade: (url: string, answersMax: number) => Promise<void>;
  /** Everything that the server has forgotten, doubled or changed; none is the only good answer. */
  readonly findings: (url: string) => Promise<readonly string[]>;
}

const CASH = 1_000_000;

/** Pseudo-random and repeatable: the n-th draw of a trader. */
const draw = (seed: number, step: number): number => (Math.imul(seed * 7919 + step, 2_654_435_761) >>> 8) % 1000;

export function createTrader(seed: number): Trader {
  const orders = new Map<string, OrderRecord>();
  const attempted = new Set<string>();
  let session = "";
  let account = "";
  let clock = "";
  let step = 0;

  const ordersPath = (): string => `/v1/trading/accounts/${account}/orders`;

  const openDesk = async (client: Client): Promise<void> => {
    const created = await client.request("POST", "/v1/sessions", {
      startTime: "2023-01-03T14:30:00Z",
      endTime: "2023-12-29T21:00:00Z",
      name: `trader ${seed}`,
      initialCash: CASH,
    });
    session = field(created.body, "id");
    clock = field(created.body, "current_time");
    account = field((await client.request("POST", "/v1/accounts", {}, session)).body, "id");
  };

  const place = async (client: Client): Promise<void> => {
    const clientOrderId = `${seed}-${step}`;
    attempted.add(clientOrderId);
    const isLimit = draw(seed, step) % 2 === 0;
    const body = {
      symbol: draw(seed, step) % 3 === 0 ? "MSFT" : "AAPL",
      side: "buy",
      qty: 1 + (draw(seed, step) % 3),
      type: isLimit ? "limit" : "market",
      time_in_force: "gtc",
      client_order_id: clientOrderId,
      ...(isLimit ? { limit_price: 50 } : {}),
    };
    const answer = await client.request("POST", ordersPath(), body, session);
    if (answer.status === 201)
      orders.set(clientOrderId, { id: field(answer.body, "id"), isCanceled: false, filledQty: 0 });
  };

  const cancel = async (client: Client): Promise<void> => {
    const open = [...orders.values()].filter((order) => !order.isCanceled && order.filledQty === 0);
    const order = open[draw(seed, step) % Math.max(open.length, 1)];
    if (order === undefined) return;
    const answer = await client.request("DELETE", `${ordersPath()}/${order.id}`, undefined, session);
    if (answer.status === 204) order.isCanceled = true;
  };

  const advance = async (client: Client): Promise<void> => {
    const answer = await client.request("POST", `/v1/sessions/${session}/time/advance`, { duration: 1 });
    if (answer.status === 200) clock = field(answer.body, "currentTime");
  };

  const look = async (client: Client): Promise<void> => {
    const answer = await client.request("GET", `${ordersPath()}?status=all&limit=500`, undefined, session);
    for (const order of answer.body as readonly unknown[]) {
      const record = orders.get(field(order, "client_order_id"));
      if (record !== undefined) record.filledQty = Math.max(record.filledQty, Number(field(order, "filled_qty")));
    }
  };

  const act = async (client: Client): Promise<void> => {
    step += 1;
    const choice = draw(seed, step) % 10;
    if (choice < 4) await place(client);
    else if (choice < 5) await cancel(client);
    else if (choice < 9) await advance(client);
    else await look(client);
  };

  return {
    trade: async (url, answersMax) => {
      const client = createClient(url);
      try {
        if (account === "") await openDesk(client);
        for (let count = 0; count < answersMax; count += 1) await act(client);
      } catch {
        // The server was killed under this request: it was not acknowledged, so nothing is owed.
      }
    },
    findings: async (url) => {
      if (account === "") return [];
      const client = createClient(url);
      return [
        ...(await clockFindings(client, { session, clock })),
        ...(await orderFindings(client, { path: ordersPath(), session, orders, attempted })),
        ...(await cashFindings(client, { session, account, path: ordersPath() })),
      ];
    },
  };
}

async function clockFindings(
  client: Client,
  { session, clock }: { session: string; clock: string },
): Promise<readonly string[]> {
  const answer = await client.request("GET", `/v1/sessions/${session}`);
  if (answer.status !== 200) return [`session ${session} is lost: ${answer.status}`];
  const now = field(answer.body, "current_time");
  return Date.parse(now) < Date.parse(clock) ? [`session ${session}: clock ${now}, acknowledged ${clock}`] : [];
}

interface Held {
  readonly path: string;
  readonly session: string;
  readonly orders: ReadonlyMap<string, OrderRecord>;
  readonly attempted: ReadonlySet<string>;
}

async function orderFindings(client: Client, held: Held): Promise<readonly string[]> {
  const findings: string[] = [];
  const counts = new Map<string, unknown[]>();
  for (const order of await allOrders(client, held)) {
    const id = field(order, "client_order_id");
    counts.set(id, [...(counts.get(id) ?? []), order]);
    if (!held.attempted.has(id)) findings.push(`order ${id} was never asked for`);
  }
  for (const [id, found] of counts) if (found.length > 1) findings.push(`order ${id} is there ${found.length} times`);
  for (const [id, record] of held.orders) {
    const order = counts.get(id)?.[0];
    if (order === undefined) findings.push(`order ${id} is lost`);
    else if (field(order, "id") !== record.id) findings.push(`order ${id} has another id`);
    else if (record.isCanceled && field(order, "status") !== "canceled") findings.push(`the cancel of ${id} is lost`);
    else if (Number(field(order, "filled_qty")) < record.filledQty) findings.push(`a fill of ${id} is lost`);
  }
  return findings;
}

async function allOrders(
  client: Client,
  { path, session }: { path: string; session: string },
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (let until = ""; ;) {
    const query = `?status=all&limit=500${until === "" ? "" : `&until=${encodeURIComponent(until)}`}`;
    const page = (await client.request("GET", path + query, undefined, session)).body as readonly unknown[];
    all.push(...page);
    if (page.length < 500) return all;
    until = field(page.at(-1), "submitted_at");
  }
}

async function cashFindings(
  client: Client,
  { session, account, path }: { session: string; account: string; path: string },
): Promise<readonly string[]> {
  let spent = 0;
  for (const order of await allOrders(client, { path, session })) {
    const qty = Number(field(order, "filled_qty"));
    if (qty > 0) spent += qty * Number(field(order, "filled_avg_price"));
  }
  const answer = await client.request("GET", `/v1/trading/accounts/${account}/account`, undefined, session);
  const cash = Number(field(answer.body, "cash"));
  return Math.abs(cash - (CASH - spent)) < 1e-5 ? [] : [`account ${account}: cash ${cash}, fills say ${CASH - spent}`];
}
