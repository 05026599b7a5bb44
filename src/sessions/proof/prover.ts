/** What may be asked of whole sessions: run again, compared, verified, carried as files; some at a time. */
import { AppError, isRefusal, PROOFS_AT_ONCE_MAX, refuse, type Refusal } from "../../kernel/index.ts";
import type { SessionHandle } from "../types.ts";
import { diff, type Diff } from "./diff.ts";
import { importSession, type Imported, type ImportRequest } from "./import-session.ts";
import type { Watch } from "./rerun.ts";
import { knownTape } from "./known-tape.ts";
import { usedBars, usedData } from "./used-data.ts";
import { verify, type Moment, type ProofParts, type Verification } from "./verify.ts";
import { whatIf, type WhatIf, type WhatIfOptions } from "./what-if.ts";
import { writeSessionFile } from "./write-session-file.ts";

/** Each refuses "too_many" where others are at work already, "session_stopped" where the journal is damaged. */
export interface Proof {
  /** The commands again, under the same options or others. */
  readonly replay: (session: SessionHandle, options: WhatIfOptions) => Promise<WhatIf | Refusal>;
  readonly verify: (session: SessionHandle, watch?: Watch) => Promise<Verification | Refusal>;
  readonly diff: (a: SessionHandle, b: SessionHandle, watch?: Watch) => Promise<Diff | Refusal>;
  /** The bytes of a file; refuses "bad_request" while the session plays. */
  readonly write: (session: SessionHandle, options: WriteOptions) => Promise<AsyncIterable<Buffer> | Refusal>;
  readonly take: (request: ImportRequest) => Promise<Imported | Refusal>;
}

export interface WriteOptions {
  /** Program and version. */
  readonly by: string;
  /** Whether the bars that were used are written, too. */
  readonly isWithBars?: boolean;
}

export function createProof(parts: ProofParts): Proof {
  let running = 0;
  const full = (): Refusal | undefined => {
    if (running < PROOFS_AT_ONCE_MAX) return undefined;
    return refuse(
      "too_many",
      `a server works on at most ${PROOFS_AT_ONCE_MAX} whole sessions at once; try again later`,
    );
  };
  const oneOfSome = async <T>(work: () => Promise<T | Refusal>): Promise<T | Refusal> => {
    const refused = full();
    if (refused !== undefined) return refused;
    running += 1;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "data_directory_damaged") throw error;
      return refuse("session_stopped", error.message);
    } finally {
      running -= 1;
    }
  };
  // A file that nobody begins to read takes no place.
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    running += 1;
    try {
      yield* chunks;
    } finally {
      running -= 1;
    }
  }
  const atMoment = <T>(session: SessionHandle, work: (moment: Moment) => Promise<T | Refusal>): Promise<T | Refusal> =>
    oneOfSome(async () => {
      const moment = await momentOf(parts, session);
      return isRefusal(moment) ? moment : work(moment);
    });
  return {
    replay: (session, options) => atMoment(session, (moment) => whatIf(parts, moment, options)),
    verify: (session, watch) => atMoment(session, (moment) => verify(parts, moment, watch)),
    diff: (a, b, watch) =>
      oneOfSome(async () => {
        const [left, right] = [await a.describe(), await b.describe()];
        if (isRefusal(left)) return left;
        return isRefusal(right) ? right : diff(parts, { a: left, b: right }, watch);
      }),
    write: async (session, { by, isWithBars = false }) => {
      const moment = await momentOf(parts, session);
      if (isRefusal(moment)) return moment;
      if (moment.summary.playbackState === "playing") {
        return refuse("bad_request", "the session is playing: pause it first, a file is of one that stands still");
      }
      const { clock } = moment.summary;
      const data = await usedData(parts.market, moment.pins, clock);
      const bars = isWithBars ? usedBars(parts.market, data, clock) : undefined;
      return full() ?? counted(writeSessionFile({ journal: parts.journal, moment, data, by, bars }));
    },
    take: (request) => oneOfSome(() => importSession(parts, request)),
  };
}

/** The pins are at least as new as the journal's end, and tell of nothing after its clock. */
async function momentOf({ market }: ProofParts, session: SessionHandle): Promise<Moment | Refusal> {
  const summary = await session.describe();
  if (isRefusal(summary)) return summary;
  return { summary, pins: await knownTape(market, await session.usedTape(), summary.clock) };
}
