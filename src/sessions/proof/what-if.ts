/** A session's commands under the same or other options: what differs first, and how both have done. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EngineConfig } from "../../engine/index.ts";
import { COMMAND_SLICE_MS, isRefusal, refuse, type Refusal } from "../../kernel/index.ts";
import type { Compared } from "./comparison.ts";
import type { RunFigures, Tally } from "./figures.ts";
import { rerun, type RefusedCommand, type Rerun, type Watch } from "./rerun.ts";
import { isSame } from "./same-value.ts";
import { ScratchSession } from "./scratch-session.ts";
import { usedData, type UsedSymbol } from "./used-data.ts";
import type { Moment, ProofParts } from "./verify.ts";

export interface WhatIf extends Compared {
  readonly isSame: boolean;
  readonly entries: number;
  /** Options with which the commands ran that are not those on record. */
  readonly changes: readonly { readonly option: string; readonly was: unknown; readonly now: unknown }[];
  readonly refused: readonly RefusedCommand[];
  readonly refusedTotal: number;
  readonly figures: { readonly was: RunFigures; readonly now: RunFigures };
  /** What was used, and whether the catalog still has it. */
  readonly data: readonly UsedSymbol[];
  readonly seconds: number;
}

export interface WhatIfOptions {
  readonly config?: ((recorded: EngineConfig) => EngineConfig) | undefined;
  readonly watch?: Watch | undefined;
}

/** Refuses as `rerun` does. */
export async function whatIf(parts: ProofParts, moment: Moment, options: WhatIfOptions): Promise<WhatIf | Refusal> {
  const { id, lastSeq, clock } = moment.summary;
  const startedMs = parts.wall.elapsedMs();
  const run = await rerun({ ...parts, ...options, id, upTo: lastSeq, clock });
  if (isRefusal(run)) return run;
  if (run.entries < lastSeq) return refuse("not_found", "session not found");
  const { first, events, entries, config, refused, refusedTotal, figures: now, recorded } = run;
  const isEqual = first === undefined;
  const was = isEqual ? now : await recordedFigures(parts, moment, recorded);
  if (isRefusal(was)) return was;
  const data = await usedData(parts.market, moment.pins, clock);
  const seconds = (parts.wall.elapsedMs() - startedMs) / 1000;
  const changes = changedOptions(config);
  return {
    isSame: isEqual,
    first,
    events,
    entries,
    changes,
    refused,
    refusedTotal,
    figures: { was, now },
    data,
    seconds,
  };
}

function changedOptions({ was, now }: Rerun["config"]): WhatIf["changes"] {
  const present = new Map<string, unknown>(Object.entries(now));
  return Object.entries(was)
    .map(([option, value]) => ({ option, was: value as unknown, now: present.get(option) }))
    .filter((each) => !isSame(each.was, each.now));
}

/** The state as it is on record, at the same moment and on the same data. */
async function recordedFigures(
  parts: ProofParts,
  { summary: { id, lastSeq, clock } }: Moment,
  recorded: Tally,
): Promise<RunFigures | Refusal> {
  let scratch: ScratchSession | undefined;
  let sliceStart = parts.wall.elapsedMs();
  for await (const entry of parts.journal.read(id, 1)) {
    const [created] = entry.events;
    if (created?.kind === "session_created") scratch = new ScratchSession(parts, created);
    scratch?.fold(entry);
    if (entry.seq === lastSeq) break;
    if (parts.wall.elapsedMs() - sliceStart < COMMAND_SLICE_MS / 2) continue;
    await nextTurn();
    sliceStart = parts.wall.elapsedMs();
  }
  if (scratch === undefined) return refuse("not_found", "session not found");
  scratch.setClock(clock);
  return recorded.figures(scratch.state, await scratch.known());
}
