/** Sessions without HTTP: the registry over a memory journal and the built-in sample. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig } from "#dist/engine/index.js";
import { cash, isRefusal, parseInstant, price, quantity, SCALE, type Instant } from "#dist/kernel/index.js";
import { openMemoryJournal } from "#dist/journal/index.js";
import { openMarket, type Market } from "#dist/market/index.js";
import { openRegistry, type SessionHandle, type SessionRegistry } from "#dist/sessions/index.js";

export const SAMPLE_SYMBOLS = ["AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "QQQ", "SPY", "TSLA"] as const;

export const time = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};

export const YEAR_START = time("2022-12-01T14:30:00Z");
export const YEAR_END = time("2023-12-29T21:00:00Z");

/** Beyond the year: an advance over it is to be measured, not the completion of a session. */
const SESSION_END = time("2024-06-28T20:00:00Z");

export interface Bench {
  readonly market: Market;
  readonly registry: SessionRegistry;
  readonly close: () => Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const market = await openMarket({ dataDir });
  const registry = await openRegistry({ journal: openMemoryJournal(), market });
  return {
    market,
    registry,
    close: async () => {
      await registry.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A session with one account and so many resting buy orders at one dollar, spread over the sample's symbols. */
export async function openSession(registry: SessionRegistry, orders: number): Promise<SessionHandle> {
  const session = await registry.create("bench", {
    name: undefined,
    startTime: YEAR_START,
    endTime: SESSION_END,
    initialCash: cash(1_000_000n * SCALE),
    config: { ...defaultConfig("conservative"), gtcDays: null },
  });
  if (isRefusal(session)) throw new Error(session.message);
  await session.execute({ kind: "open_account", initialCash: undefined, profile: "{}" });
  for (let index = 0; index < orders; index += 1) {
    const outcome = await session.execute({
      kind: "submit_order",
      account: 1,
      terms: {
        symbol: SAMPLE_SYMBOLS[index % SAMPLE_SYMBOLS.length] ?? "AAPL",
        side: "buy",
        type: "limit",
        timeInForce: "gtc",
        qty: quantity(SCALE),
        notional: undefined,
        limitPrice: price(SCALE),
        stopPrice: undefined,
        extendedHours: false,
        clientOrderId: undefined,
      },
    });
    if (isRefusal(outcome)) throw new Error(outcome.message);
  }
  return session;
}
