import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSession, openStage, OWNER, time, type Stage } from "../../../test/support/sessions.ts";
import { isRefusal, refuse, type Refusal } from "../../kernel/index.ts";
import type { Imported } from "./import-session.ts";
import { fileOf, takeStep } from "./proof-fixture.ts";
import { GZIP_HEADER, SEAL_BYTES, sealOf } from "./session-file.ts";

let stage: Stage;
let lines: readonly string[];
beforeAll(async () => {
  stage = await openStage();
  const session = await openSession(stage.registry, { participation: null });
  for (const step of [
    [0, 3],
    [10, 9],
    [2, 100],
    [10, 20],
    [3, 2],
    [6, 1],
    [10, 12],
  ] as const) {
    await takeStep(session, step);
  }
  const bytes = await fileOf(stage.registry, session);
  lines = gunzipSync(bytes.subarray(0, -SEAL_BYTES)).toString("utf8").trimEnd().split("\n");
});
afterAll(() => stage.clear());

/** A file with a good seal around any text. */
function sealed(text: string): Buffer {
  const body = Buffer.concat([GZIP_HEADER, gzipSync(text).subarray(GZIP_HEADER.length)]);
  return Buffer.concat([body, sealOf(createHash("sha256").update(body).digest("hex"))]);
}

type Fields = Record<string, unknown>;

/** The file with one line changed, and a chain, head and seal that hold again. */
function forged(number: number, change: (value: Fields) => void): Buffer {
  const changed = lines.map((line, index) => {
    if (index !== number) return line;
    const value = JSON.parse(line) as Fields;
    change(value);
    return JSON.stringify(sorted(value));
  });
  const header = JSON.parse(changed[0] ?? "") as { head: { seq: number; hash: string } };
  const { codec } = stage.journal;
  if (number > 0) {
    header.head.hash = changed
      .slice(1, 1 + header.head.seq)
      .reduce((hash, line) => codec.hash(hash, line), codec.genesis);
  }
  return sealed([JSON.stringify(header), ...changed.slice(1), ""].join("\n"));
}

/** Canonical: keys in order, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

const take = (bytes: Buffer, checkConfig: () => Refusal | undefined = () => undefined): Promise<Imported | Refusal> =>
  stage.registry.proof.take({ owner: "heir", bytes: once(bytes), checkConfig });

const problemOf = async (bytes: Buffer): Promise<string> => {
  const taken = await take(bytes);
  return isRefusal(taken) ? taken.message : "taken";
};

const firstEvent = (entry: Fields): Fields => (entry["events"] as readonly Fields[])[0] ?? {};

describe("a session file that was made by hand", () => {
  it("is taken where everything in it holds", async () => {
    expect(await problemOf(forged(1, () => {}))).toBe("taken");
  });

  it.each<[string, number, (value: Fields) => void, RegExp]>([
    ["another format", 0, (header) => (header["format"] = "other"), /line 1: it is no session file/],
    ["a newer version", 0, (header) => (header["version"] = 3), /newer version \(format 3\)/],
    ["bars that are missing", 0, (header) => (header["version"] = 2), /the bars that line 1 speaks of are missing/],
    ["a header with a field too many", 0, (header) => (header["more"] = 1), /line 1: a field of the header/],
    [
      "a clock after the end",
      0,
      (header) => ((header["session"] as Fields)["clock"] = time("2024-01-01T00:00:00Z")),
      /the clock is not/,
    ],
    [
      "fewer entries than there are",
      0,
      (header) => ((header["head"] as Fields)["seq"] = 3),
      /line 5: it does not tell of days/,
    ],
    ["more entries than there are", 0, (header) => ((header["head"] as Fields)["seq"] = 900), /entry \d+: /],
    [
      "another head",
      0,
      (header) => ((header["head"] as Fields)["hash"] = "0".repeat(64)),
      /the chain of hashes ends in/,
    ],
    ["an entry out of its place", 3, (entry) => (entry["seq"] = 4), /line 4, entry 3: its number is 4/],
    ["an unknown command", 3, (entry) => ((entry["command"] as Fields)["kind"] = "steal"), /its command is none/],
    ["a command of a wrong type", 3, (entry) => ((entry["command"] as Fields)["account"] = "1"), /its command is none/],
    ["a field too many", 3, (entry) => ((entry["command"] as Fields)["__proto__x"] = {}), /its command is none/],
    ["an unknown event", 3, (entry) => (firstEvent(entry)["kind"] = "order_stolen"), /event 0 is none/],
    ["a time that is none", 3, (entry) => (firstEvent(entry)["effectiveAt"] = 1.5), /event 0 is none/],
    ["an order that was never made", 3, (entry) => (firstEvent(entry)["order"] = 77), /entry 3: /],
    ["an account that is not there", 3, (entry) => (firstEvent(entry)["account"] = 9), /entry 3: /],
    [
      "an event of the future",
      3,
      (entry) => (firstEvent(entry)["at"] = time("2023-01-30T15:00:00Z")),
      /outside the time/,
    ],
    [
      "a clock that goes back",
      3,
      (entry) => (entry["at"] = time("2023-01-02T15:00:00Z")),
      /before the entry before it/,
    ],
    [
      "a day that no calendar has",
      3,
      (entry) => {
        entry["events"] = [
          {
            account: 1,
            at: entry["at"],
            date: "9999-99-99",
            description: "",
            entry: "CSD",
            holdings: [],
            kind: "account_entry",
            netAmount: "1",
            realized: "0",
          },
        ];
      },
      /event 0 is none/,
    ],
    ["a profile that is no JSON", 2, (entry) => (firstEvent(entry)["profile"] = "{"), /event 0 is none/],
    [
      "a decimal that is none",
      2,
      (entry) => (firstEvent(entry)["initialCash"] = "much"),
      /initialCash is not a decimal/,
    ],
    ["money from nowhere", 2, (entry) => (firstEvent(entry)["initialCash"] = "1".repeat(40)), /entry 2: /],
    [
      "a session that is made otherwise",
      1,
      (entry) => (firstEvent(entry)["initialCash"] = "1"),
      /not created as it was asked for/,
    ],
    [
      "a second beginning",
      3,
      (entry) => ((entry["command"] = { kind: "play" }), (firstEvent(entry)["kind"] = "session_created")),
      /event 0 is none/,
    ],
  ])("is refused for %s", async (_what, number, change, problem) => {
    expect(await problemOf(forged(number, change))).toMatch(problem);
  });

  it("is refused for options that a session cannot have", async () => {
    const taken = await take(
      forged(1, () => {}),
      () => refuse("bad_request", "config.fees must be other"),
    );
    expect(taken).toMatchObject({
      reason: "bad_session_file",
      message: expect.stringContaining("config.fees must be"),
    });
  });

  it("is refused for lines without an end, of nonsense, of depth, and for a bomb", async () => {
    const text = lines.join("\n");
    expect(await problemOf(sealed(text))).toMatch(/line \d+ has no end/);
    expect(await problemOf(sealed(`${text}\n{}\n`))).toMatch(/goes on after its last line/);
    expect(await problemOf(sealed("nonsense\n"))).toMatch(/line 1: it is not JSON/);
    const deep = `${lines[0] ?? ""}\n${"[".repeat(500_000)}\n`;
    expect(await problemOf(sealed(deep))).toMatch(/line 2, entry 1: /);
    const spaces = Buffer.alloc(80_000_000, 32);
    expect(await problemOf(sealed(spaces.toString("latin1")))).toMatch(/line 1 is longer than/);
  });

  it("leaves nothing of itself, also where the server was killed in the middle", async () => {
    const { journal } = stage;
    const nobody = "(a session file on its way in)";
    expect((await journal.list(nobody, { limit: 9, after: undefined })).sessions).toEqual([]);
    const [some] = (await journal.list(OWNER, { limit: 1, after: undefined })).sessions;
    if (some === undefined) throw new Error("no session");
    const half = { source: some.id, uptoSeq: 2, at: some.clock, entries: [] };
    await journal.fork(half, { ...some, id: "half", owner: nobody });
    await stage.restart();
    expect(await journal.find("half")).toBeUndefined();
  });
});
