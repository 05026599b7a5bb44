/** The summary row of a session: what lists show without opening it. */
import { valuationOf, type EngineConfig, type KnownMarket, type State } from "../engine/index.ts";
import { formatUnits, refuse, unitsToNumber, type Refusal } from "../kernel/index.ts";
import type { Journal, SessionSummary, SummaryDraft } from "./journal-port.ts";

export interface SessionIdentity {
  readonly id: string;
  readonly owner: string;
  readonly createdAt: string;
}

export function summarize(identity: SessionIdentity, state: State, known: KnownMarket): SummaryDraft {
  let realized = 0n;
  for (const account of state.accounts) realized += account.realizedPnl;
  return {
    ...identity,
    name: state.name,
    startTime: state.startTime,
    endTime: state.endTime,
    initialCash: formatUnits(state.initialCash),
    config: configText(state.config),
    status: state.status,
    failure: undefined,
    playbackState: state.playback.isPlaying ? "playing" : "paused",
    playbackSpeed: state.playback.speed,
    totalRealizedPnl: formatUnits(realized),
    totalUnrealizedPnl: unrealizedPnl(state, known),
    clock: state.clock,
  };
}

const configTexts = new WeakMap<EngineConfig, string>();

/** Every entry has it, and it is the same from beginning to end mostly. */
function configText(config: EngineConfig): string {
  const known = configTexts.get(config);
  if (known !== undefined) return known;
  const text = JSON.stringify(config);
  configTexts.set(config, text);
  return text;
}

/** The summary of the present, with the head of the journal. */
export async function withHead(
  journal: Pick<Journal, "find">,
  present: () => SummaryDraft,
): Promise<SessionSummary | Refusal> {
  const summary = present();
  const kept = await journal.find(summary.id);
  return kept === undefined ? refuse("not_found", "session not found") : { ...kept, ...summary };
}

/** Dollars, over all accounts, at the last known prices. */
export function unrealizedPnl(state: State, known: KnownMarket): number {
  let unrealized = 0n;
  if (state.accounts.every((account) => account.positions.size === 0)) return 0;
  for (const account of state.accounts) {
    unrealized += valuationOf(account, known, state.clock).unrealizedPnl;
  }
  return unitsToNumber(unrealized);
}
