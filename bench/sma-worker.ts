/**
 * One task, once, in a process that has done nothing else: SMA 10/30 crossover by market orders, long or flat, one
 * hundred shares a symbol. `sma-worker.js bare|engine minutes|days DATA-DIR` over a catalog that `importWalks` has
 * written; prints milliseconds, bars, trades and last equity.
 *
 * The averages are compared as whole cents (3 × the sum of ten against the sum of thirty), so that a tie is a tie: it
 * changes nothing, a position is opened when the fast average is above, and closed when it is below.
 */
import { setTimeout } from "node:timers/promises";
import { createState, defaultConfig, EngineRunner, type OrderTerms, type Tape } from "#dist/engine/index.js";
import { cash, instant, isRefusal, quantity, SCALE } from "#dist/kernel/index.js";
import { openMarket } from "#dist/market/index.js";
import { tapeOf } from "#dist/sessions/market-views.js";
import { walksOf, type Walk } from "./sma-market.js";

const [FAST, SLOW, SHARES] = [10, 30, 100];
const START_CASH = 100_000_000;

/** Sums of the last closes of one symbol, in cents. */
class Averages {
  readonly #close: Int32Array;
  #fast = 0;
  #slow = 0;

  constructor(close: Int32Array) {
    this.#close = close;
  }

  /** 1 where the fast average is above the slow one, −1 below, 0 for a tie and while there are too few bars. */
  next(row: number): number {
    const close = this.#close;
    this.#fast += (close[row] as number) - (row >= FAST ? (close[row - FAST] as number) : 0);
    this.#slow += (close[row] as number) - (row >= SLOW ? (close[row - SLOW] as number) : 0);
    return row < SLOW - 1 ? 0 : Math.sign(this.#fast * 3 - this.#slow);
  }
}

interface Outcome {
  readonly trades: number;
  /** Cents. */
  readonly equity: number;
  /** Of every step's equity, so that none can be left out. */
  readonly checksum: number;
}

/** The same logic without an engine: arrays, integers, no orders. */
function runBare(walks: readonly Walk[]): Outcome {
  const rows = walks[0]?.close.length ?? 0;
  const averages = walks.map(({ close }) => new Averages(close));
  const held = new Int32Array(walks.length);
  const wanted = new Int8Array(walks.length);
  let [money, trades, checksum, equity] = [START_CASH * 100, 0, 0, 0];
  for (let row = 0; row < rows; row += 1) {
    equity = 0;
    for (let index = 0; index < walks.length; index += 1) {
      const { open, close } = walks[index] as Walk;
      const want = wanted[index] as number;
      if (want !== 0) {
        held[index] = (held[index] as number) + want * SHARES;
        money -= want * SHARES * (open[row] as number);
        trades += 1;
        wanted[index] = 0;
      }
      const shares = held[index] as number;
      equity += shares * (close[row] as number);
      const signal = (averages[index] as Averages).next(row);
      if (signal > 0 && shares === 0) wanted[index] = 1;
      else if (signal < 0 && shares > 0) wanted[index] = -1;
    }
    equity += money;
    checksum = (checksum * 31 + equity) % 1_000_000_007;
  }
  return { trades, equity, checksum };
}

const market = (symbol: string, side: "buy" | "sell"): OrderTerms => ({
  symbol,
  side,
  type: "market",
  timeInForce: "gtc",
  qty: quantity(BigInt(SHARES) * SCALE),
  notional: undefined,
  limitPrice: undefined,
  stopPrice: undefined,
  extendedHours: false,
  clientOrderId: undefined,
});

/** A strategy on the engine: at the end of every bar it reads its equity, looks at its averages and sends its orders. */
function runEngine(walks: readonly Walk[], tape: Tape): Outcome {
  const [first] = walks;
  if (first === undefined) throw new Error("no prices");
  const rows = first.close.length;
  let trades = 0;
  const runner = new EngineRunner(newState(first), tape, (events) => {
    for (const event of events) if (event.kind === "order_filled") trades += 1;
  });
  runner.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
  const orders = walks.map(({ symbol }) => ({ buy: market(symbol, "buy"), sell: market(symbol, "sell") }));
  const averages = walks.map(({ close }) => new Averages(close));
  const isLong = new Uint8Array(walks.length);
  let [checksum, equity] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    runner.advance(instant(first.end[row] as number));
    equity = Math.round((runner.equity(1) ?? NaN) * 100);
    checksum = (checksum * 31 + equity) % 1_000_000_007;
    for (let index = 0; index < walks.length; index += 1) {
      const signal = (averages[index] as Averages).next(row);
      const isHeld = isLong[index] === 1;
      if (signal === 0 || signal > 0 === isHeld) continue;
      const terms = orders[index];
      if (terms === undefined) continue;
      const made = runner.command({ kind: "submit_order", account: 1, terms: isHeld ? terms.sell : terms.buy });
      if (isRefusal(made)) throw new Error(made.message);
      isLong[index] = isHeld ? 0 : 1;
    }
  }
  return { trades, equity, checksum };
}

function newState(walk: Walk) {
  return createState({
    kind: "session_created",
    at: instant((walk.start[0] as number) - 1),
    name: undefined,
    startTime: instant((walk.start[0] as number) - 1),
    endTime: instant((walk.end.at(-1) as number) + 1),
    initialCash: cash(BigInt(START_CASH) * SCALE),
    config: defaultConfig("ideal"),
  });
}

/** The walks as the catalog holds them that the benchmark has written. */
async function tapeOver(walks: readonly Walk[], dataDir: string): Promise<Tape> {
  const catalog = await openMarket({ dataDir, sample: false });
  const [from, until] = [instant(walks[0]?.start[0] ?? 0), instant(walks[0]?.end.at(-1) ?? 0)];
  const loaded = await catalog.load({ symbols: walks.map(({ symbol }) => symbol), from, until });
  if (isRefusal(loaded)) throw new Error(loaded.message);
  return tapeOf(catalog, loaded);
}

/** Milliseconds in which what loading has set going in the background comes to rest. */
const REST_MS = 500;

const [kind, task, dataDir = ""] = process.argv.slice(2);
const walks = walksOf(task);
const bars = walks.length * (walks[0]?.close.length ?? 0);
const tape = kind === "engine" ? await tapeOver(walks, dataDir) : undefined;
globalThis.gc?.();
await setTimeout(REST_MS);
const before = performance.now();
const outcome = tape === undefined ? runBare(walks) : runEngine(walks, tape);
const ms = performance.now() - before;
process.stdout.write(`${JSON.stringify({ ms, bars, ...outcome })}\n`);
