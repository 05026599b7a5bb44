/** The books of an account: cash, positions, equity and orders must all follow from its activities, to the last digit. */
import type { Client } from "../support/http-client.ts";
import { INITIAL_CASH, type AccountFact, type OrderJson } from "./record.ts";

interface Activity {
  readonly id: string;
  readonly activity_type: string;
  readonly order_id?: string;
  readonly symbol?: string;
  readonly side?: string;
  readonly qty?: string;
  readonly price?: string;
  readonly net_amount?: string;
}

interface Books {
  readonly session: string;
  readonly account: AccountFact;
  readonly orders: readonly OrderJson[];
}

/** Billionths, so that sums are exact. */
const SCALE = 1_000_000_000n;

function units(text: string | undefined): bigint {
  const [, sign, whole = "0", part = ""] = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text ?? "0") ?? [];
  const value = BigInt(whole) * SCALE + BigInt(part.padEnd(9, "0"));
  return sign === "-" ? -value : value;
}

export async function bookFindings(client: Client, books: Books): Promise<readonly string[]> {
  const read = async <T>(path: string): Promise<T> => {
    const base = `/v1/trading/accounts/${books.account.id}`;
    const { status, body } = await client.request("GET", base + path, undefined, books.session);
    if (status !== 200) throw new Error(`${path} cannot be read: ${status} ${JSON.stringify(body)}`);
    return body as T;
  };
  const account = await read<Record<string, string>>("/account");
  const positions = await read<readonly Record<string, string>[]>("/positions");
  const activities = await allActivities(read);
  const findings = [...fillFindings(books.orders, activities), ...positionFindings(positions, activities)];
  const value = positions.reduce((sum, position) => sum + units(position["market_value"]), 0n);
  if (units(account["cash"]) + value !== units(account["equity"]))
    findings.push(`cash ${account["cash"]} and positions ${value} are not equity ${account["equity"]}`);
  const moved = activities.reduce((sum, activity) => sum + cashOf(activity), 0n);
  if (BigInt(INITIAL_CASH) * SCALE + moved !== units(account["cash"]))
    findings.push(`activities of ${moved} do not lead to cash of ${account["cash"]}`);
  return findings.map((finding) => `account ${books.account.number}: ${finding}`);
}

/** Oldest first, so that what is booked meanwhile moves no page. */
async function allActivities(read: <T>(path: string) => Promise<T>): Promise<readonly Activity[]> {
  const all: Activity[] = [];
  for (let after = ""; ;) {
    const page = await read<readonly Activity[]>(`/account/activities?direction=asc&page_size=100${after}`);
    all.push(...page);
    if (page.length < 100) return all;
    after = `&page_token=${encodeURIComponent(page.at(-1)?.id ?? "")}`;
  }
}

const signedQty = ({ side, qty }: Activity): bigint => (side === "buy" ? units(qty) : -units(qty));

function cashOf(activity: Activity): bigint {
  if (activity.activity_type !== "FILL") return units(activity.net_amount);
  return (-signedQty(activity) * units(activity.price)) / SCALE;
}

function sumBy<T>(items: readonly T[], keyOf: (item: T) => string, valueOf: (item: T) => bigint): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0n) + valueOf(item));
  return sums;
}

function fillFindings(orders: readonly OrderJson[], activities: readonly Activity[]): string[] {
  const fills = activities.filter(({ activity_type: type }) => type === "FILL");
  const filled = sumBy(
    fills,
    (fill) => fill.order_id ?? "",
    (fill) => units(fill.qty),
  );
  const findings: string[] = [];
  if (new Set(activities.map(({ id }) => id)).size !== activities.length) findings.push("an activity is there twice");
  for (const { id, client_order_id: name, filled_qty: qty } of orders) {
    if ((filled.get(id) ?? 0n) !== units(qty)) findings.push(`order ${name} has filled ${qty}, fills say otherwise`);
    filled.delete(id);
  }
  for (const id of filled.keys()) findings.push(`there is a fill of an unknown order ${id}`);
  return findings;
}

function positionFindings(
  positions: readonly Record<string, string>[],
  activities: readonly Activity[],
): readonly string[] {
  const fills = activities.filter(({ activity_type: type }) => type === "FILL");
  const held = sumBy(fills, (fill) => fill.symbol ?? "", signedQty);
  const findings: string[] = [];
  for (const { symbol = "", qty } of positions) {
    if ((held.get(symbol) ?? 0n) !== units(qty))
      findings.push(`the position in ${symbol} is ${qty}, fills say otherwise`);
    held.delete(symbol);
  }
  for (const [symbol, qty] of held) if (qty !== 0n) findings.push(`the position in ${symbol} is lost`);
  return findings;
}
