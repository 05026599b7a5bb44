/** Sessions without a server: the registry over the built-in sample and a journal of the test's choice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig, type EngineConfig, type OrderTerms } from "../../src/engine/index.ts";
import { openMemoryJournal } from "../../src/journal/index.ts";
import {
  cash,
  isRefusal,
  parseInstant,
  price,
  quantity,
  SCALE,
  type Instant,
  type Refusal,
} from "../../src/kernel/index.ts";
import { openMarket, type Market } from "../../src/market/index.ts";
import {
  openRegistry,
  type Journal,
  type Outcome,
  type SessionHandle,
  type SessionRegistry,
} from "../../src/sessions/index.ts";

export const OWNER = "tester";

export const time = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};

export interface Stage {
  readonly registry: SessionRegistry;
  readonly journal: Journal;
  readonly market: Market;
  /** The same journal and market in a new registry, as after a restart of the server. */
  readonly restart: () => Promise<SessionRegistry>;
  readonly clear: () => void;
}

export async function openStage(journal: Journal = openMemoryJournal()): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-sessions-"));
  const market = await openMarket({ dataDir });
  return {
    registry: await openRegistry({ journal, market }),
    journal,
    market,
    restart: () => openRegistry({ journal, market }),
    clear: () => {
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** January 2023 from the first open, with one account; a test may change the config. */
export async function openSession(
  registry: SessionRegistry,
  config: Partial<EngineConfig> = {},
): Promise<SessionHandle> {
  const session = await registry.create(OWNER, {
    name: "test",
    startTime: time("2023-01-03T14:30:00Z"),
    endTime: time("2023-01-31T21:00:00Z"),
    initialCash: cash(100_000n * SCALE),
    config: { ...defaultConfig("conservative"), ...config },
  });
  if (isRefusal(session)) throw new Error(session.message);
  done(await session.execute({ kind: "open_account", initialCash: undefined, profile: "{}" }));
  return session;
}

/** The outcome of a command that must not be refused. */
export function done(outcome: Outcome | Refusal): Outcome {
  if (isRefusal(outcome)) throw new Error(outcome.message);
  return outcome;
}

export function marketBuy(symbol: string, shares: bigint): OrderTerms {
  return {
    symbol,
    side: "buy",
    type: "market",
    timeInForce: "gtc",
    qty: quantity(shares * SCALE),
    notional: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    extendedHours: false,
    clientOrderId: undefined,
  };
}

/** A buy at a limit in dollars. */
export const limitBuy = (symbol: string, shares: bigint, dollars: bigint): OrderTerms => ({
  ...marketBuy(symbol, shares),
  type: "limit",
  limitPrice: price(dollars * SCALE),
});
