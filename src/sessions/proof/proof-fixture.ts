/** For the tests of proofs: random sessions, made by what a trader may do from a list of small numbers, and their files. */
import { OWNER } from "../../../test/support/sessions.ts";
import { instant, isRefusal, price, quantity, SCALE } from "../../kernel/index.ts";
import type { OrderTerms } from "../../engine/index.ts";
import type { SessionHandle, SessionRegistry } from "../types.ts";

const SYMBOLS = ["AAPL", "MSFT", "SPY"];

const TERMS: OrderTerms = {
  symbol: "AAPL",
  side: "buy",
  type: "market",
  timeInForce: "gtc",
  qty: quantity(SCALE),
  notional: undefined,
  limitPrice: undefined,
  stopPrice: undefined,
  extendedHours: false,
  clientOrderId: undefined,
};

type Order = { readonly [Field in keyof OrderTerms]?: OrderTerms[Field] };

const submit = (session: SessionHandle, order: Order): Promise<unknown> =>
  session.execute({ kind: "submit_order", account: 1, terms: { ...TERMS, ...order } });

/** What a trader may do, each with a number that says how. */
const STEPS: readonly ((session: SessionHandle, how: number, order: Order) => Promise<unknown>)[] = [
  (session, _how, order) => submit(session, order),
  (session, _how, order) => submit(session, { ...order, side: "buy" }),
  (session, how, order) => submit(session, { ...order, type: "limit", limitPrice: price(BigInt(60 + how) * SCALE) }),
  (session, how, order) =>
    submit(session, {
      ...order,
      side: "sell",
      type: "trailing_stop",
      trailPercent: BigInt(1 + (how % 5)) * SCALE,
    }),
  (session, how) => session.execute({ kind: "cancel_order", account: 1, order: 1 + (how % 9) }),
  (session, _how, { symbol = "AAPL" }) =>
    session.execute({ kind: "close_position", account: 1, symbol, amount: { qty: undefined, percentage: undefined } }),
  (session, how) => session.execute({ kind: "update_session", name: `name ${how}`, endTime: undefined }),
  async (session, how) => {
    await session.execute({ kind: "set_speed", speed: 1 + how });
    await session.execute({ kind: "play" });
    await session.execute({ kind: "pause", reason: "asked" });
  },
  (session) => session.advanceUntil({ awaited: { kind: "next_fill" }, notAfter: undefined }),
  (session) => session.execute({ kind: "cancel_all_orders", account: 1 }),
  (session, how) => session.advanceBy((1 + how * how) * 60_000),
  (session, how) =>
    session.execute({ kind: "update_session", name: undefined, endTime: instant(LAST_END + how * 86_400_000) }),
  (session, how) => (how < 20 ? session.advanceBy(400 * 86_400_000) : session.advanceBy(how * 3_600_000)),
];

/** 2023-01-31T21:00:00Z, where the sessions of these tests end to begin with. */
const LAST_END = 1_675_198_800_000;

/** Takes one step; what is refused is no part of the journal. */
export async function takeStep(session: SessionHandle, [what, how]: readonly [number, number]): Promise<void> {
  const order: Order = {
    symbol: SYMBOLS[how % SYMBOLS.length] ?? "AAPL",
    qty: quantity(BigInt(1 + (how % 40)) * SCALE),
    side: how % 5 === 0 ? "sell" : "buy",
  };
  await STEPS[what % STEPS.length]?.(session, how, order);
}

/** The session's file, in one piece. */
export async function fileOf(
  { proof }: Pick<SessionRegistry, "proof">,
  session: SessionHandle,
  isWithBars = false,
): Promise<Buffer> {
  const file = await proof.write(session, { by: "tests", isWithBars });
  if (isRefusal(file)) throw new Error(file.message);
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Imports a file that comes in pieces of so many bytes. */
export const takeFile = (
  { proof }: Pick<SessionRegistry, "proof">,
  bytes: Uint8Array,
  size = 1000,
): ReturnType<SessionRegistry["proof"]["take"]> =>
  proof.take({ owner: OWNER, bytes: inPieces(bytes, size), checkConfig: () => undefined });

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
