/** Takes a session file in: all of it or nothing, under an owner that nobody is until the last byte was checked. */
import { randomUUID } from "node:crypto";
import { AppError, refuse, type Instant, type Refusal } from "../../kernel/index.ts";
import { createState, type State } from "../../engine/index.ts";
import type { ParcelReport } from "../../market/index.ts";
import type { Journal, JournalEntry, SummaryDraft } from "../journal-port.ts";
import { unpriced } from "../market-views.ts";
import { summarize } from "../summary.ts";
import { CheckedEntries } from "./checked-entries.ts";
import { checkPin, parseHeader, type CheckConfig } from "./file-header.ts";
import { FileProblem, readLines } from "./read-session-file.ts";
import { BarsDesk } from "./bars-desk.ts";
import { SESSION_FILE_WITH_BARS, type FileHeader } from "./session-file.ts";
import { usedData, type UsedSymbol } from "./used-data.ts";
import type { ProofParts } from "./verify.ts";

/** No key's owner: what it has is a file that was not taken in to its end. */
const NOBODY = "(a session file on its way in)";

/** Entries that are on their way to the disk at once: one sync for all of them. */
const BATCH_ENTRIES = 256;

export interface ImportRequest {
  readonly owner: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly checkConfig: CheckConfig;
  /** Whether bars of the file that the catalog lacks are brought into it. */
  readonly isTakingBars?: boolean;
}

export interface Imported {
  readonly id: string;
  readonly header: FileHeader;
  /** What was used, and whether the catalog here has it. */
  readonly data: readonly UsedSymbol[];
  /** Undefined: the file has none. */
  readonly bars: ParcelReport | undefined;
}

/** Refuses "bad_session_file" naming what is wrong and where; nothing is left of the file then. */
export async function importSession(parts: ProofParts, request: ImportRequest): Promise<Imported | Refusal> {
  const { journal } = parts;
  const staging = new Staging(parts, randomUUID());
  try {
    const { header, pins, bars } = await readAll(staging, request, parts);
    const data = await usedData(parts.market, pins, header.session.clock);
    await journal.adopt(staging.id, request.owner);
    return { id: staging.id, header, data, bars };
  } catch (error) {
    await staging.remove();
    if (error instanceof FileProblem)
      return refuse("bad_session_file", `the session file is refused: ${error.message}`);
    if (isCutOff(error)) return refuse("bad_session_file", "the session file is refused: it did not arrive whole");
    throw error;
  }
}

/** What a crash has left of files that were being taken in. */
export async function removeLeftovers(journal: Journal): Promise<void> {
  for (;;) {
    const { sessions } = await journal.list(NOBODY, { limit: 100, after: undefined });
    if (sessions.length === 0) return;
    for (const { id } of sessions) await journal.delete(id);
  }
}

/** A client that goes away in the middle. */
const isCutOff = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof AppError) &&
  "code" in error &&
  /^(ECONN|ERR_STREAM|ABORT)/.test(String(error.code));

interface Read {
  readonly header: FileHeader;
  /** Lines about days of bars. */
  readonly pins: string;
  readonly bars: ParcelReport | undefined;
}

async function readAll(staging: Staging, request: ImportRequest, parts: ProofParts): Promise<Read> {
  const desk = new BarsDesk(parts.market, request.isTakingBars === true);
  try {
    const { header, pins } = await readLinesOf(staging, { request, desk }, parts.journal);
    return { header, pins, bars: hasBars(header) ? await desk.finish() : undefined };
  } finally {
    await desk.clear();
  }
}

const hasBars = ({ version }: FileHeader): boolean => version === SESSION_FILE_WITH_BARS;

async function readLinesOf(
  staging: Staging,
  { request, desk }: { readonly request: ImportRequest; readonly desk: BarsDesk },
  { codec }: Journal,
): Promise<Omit<Read, "bars">> {
  const entries = new CheckedEntries(codec, request.checkConfig);
  let header: FileHeader | undefined;
  let pins = "";
  let number = 0;
  for await (const line of readLines(request.bytes)) {
    number += 1;
    if (header === undefined) header = parseHeader(line);
    else if (entries.seq < header.head.seq) await staging.take(entries.take(line));
    else if (number <= 1 + header.head.seq + header.pins) pins += checkPin(line, number);
    else if (hasBars(header)) await desk.take(line, { number, pins, clock: header.session.clock });
    else throw new FileProblem(`line ${number}: the file goes on after its last line`);
  }
  if (header === undefined) throw new FileProblem("the file is empty");
  if (number < 1 + header.head.seq + header.pins)
    throw new FileProblem(`line ${number + 1} and what follows are missing`);
  if (entries.hash !== header.head.hash) {
    throw new FileProblem(`the chain of hashes ends in ${entries.hash}, not in ${header.head.hash} as line 1 says`);
  }
  await staging.finish(header, entries.finish(header.session.clock), pins);
  return { header, pins };
}

/** The session while it is written: one entry behind, since the last one brings the summary that lists show. */
class Staging {
  readonly id: string;
  readonly #parts: ProofParts;
  #draft: SummaryDraft | undefined;
  #held: JournalEntry | undefined;
  #writing: Promise<void>[] = [];

  constructor(parts: ProofParts, id: string) {
    this.#parts = parts;
    this.id = id;
  }

  async take(entry: JournalEntry): Promise<void> {
    this.#draft ??= this.#draftOf(entry);
    if (this.#held !== undefined) await this.#write(this.#held, { ...this.#draft, clock: this.#held.at });
    this.#held = entry;
  }

  async finish({ session }: FileHeader, state: State, pins: string): Promise<void> {
    const { journal } = this.#parts;
    const known = unpriced(() => false);
    const summary = summarize(this.#identity(), state, known);
    const last = this.#held;
    if (last === undefined) throw new FileProblem("it has no entries");
    await this.#write(last, { ...summary, clock: last.at });
    await this.#settle();
    if (pins !== "") journal.pins(this.id).replace(pins);
    this.#mark(session.clock, last.at);
    if (session.failure !== null) await journal.fail(this.id, session.failure);
  }

  async remove(): Promise<void> {
    await Promise.allSettled(this.#writing);
    await this.#parts.journal.delete(this.id);
  }

  #mark(clock: Instant, at: Instant): void {
    if (clock > at) this.#parts.journal.mark(this.id, { clock, totalUnrealizedPnl: 0 });
  }

  async #write(entry: JournalEntry, draft: SummaryDraft): Promise<void> {
    const { journal } = this.#parts;
    this.#writing.push(entry.seq === 1 ? journal.create(draft, entry) : journal.append(draft, entry));
    if (entry.seq === 1 || this.#writing.length >= BATCH_ENTRIES) await this.#settle();
  }

  async #settle(): Promise<void> {
    const writing = this.#writing;
    await Promise.all(writing);
    this.#writing = [];
  }

  #draftOf({ events }: JournalEntry): SummaryDraft {
    const [event] = events;
    if (event?.kind !== "session_created") throw new FileProblem("the first entry does not create a session");
    return summarize(
      this.#identity(),
      createState(event),
      unpriced(() => false),
    );
  }

  #identity(): { id: string; owner: string; createdAt: string } {
    return { id: this.id, owner: NOBODY, createdAt: this.#parts.wall.timestamp() };
  }
}
