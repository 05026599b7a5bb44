/** `tapedeck restore` of backups that are not as they were written, and into places that are not free. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, field } from "../support/http-client.ts";
import { createPlace, serve, type Place } from "./run-cli.ts";

let place: Place;
let backup: string;
let session: string;

beforeAll(async () => {
  place = createPlace();
  backup = join(place.path, "backup");
  const server = await serve(place);
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  const client = createClient(server.url);
  session = field((await client.request("POST", "/v1/sessions", span)).body, "id");
  await client.request("POST", `/v1/sessions/${session}/time/advance`, { duration: 5 });
  await place.runJson(["keys", "create", "--data-dir", place.dataDir]);
  await place.runJson(["backup", backup, "--data-dir", place.dataDir]);
  server.kill("SIGTERM");
  await server.outcome;
});

afterAll(() => place.clear());

interface Parts {
  readonly folder: string;
  readonly edit: (change: (manifest: Record<string, unknown>) => void) => void;
}

/** A manifest that somebody has changed and sealed again. */
function editManifest(folder: string, change: (manifest: Record<string, unknown>) => void): void {
  const path = join(folder, "backup.json");
  const manifest = JSON.parse(readFileSync(path, "utf8").replace(/\n[0-9a-f]{64}\n$/, "")) as Record<string, unknown>;
  change(manifest);
  const body = `${JSON.stringify(manifest)}\n`;
  writeFileSync(path, `${body}${createHash("sha256").update(body).digest("hex")}\n`);
}

const filesOf = (manifest: Record<string, unknown>): Record<string, unknown>[] =>
  manifest["files"] as Record<string, unknown>[];

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
  writeFileSync(path, bytes);
}

const named = (path: string) => (manifest: Record<string, unknown>) => {
  filesOf(manifest).push({ path, size: 0, sha256: "0".repeat(64), mode: "600" });
};

const HOSTILE: readonly { readonly name: string; readonly hurt: (parts: Parts) => void; readonly says: RegExp }[] = [
  { name: "without a manifest", hurt: ({ folder }) => rmSync(join(folder, "backup.json")), says: /no whole backup/ },
  {
    name: "with a flipped bit in the manifest",
    hurt: ({ folder }) => flip(join(folder, "backup.json"), 70),
    says: /damaged/,
  },
  {
    name: "with a flipped bit in the journal",
    hurt: ({ folder }) => flip(join(folder, "data/journal.db"), 30_000),
    says: /journal\.db is damaged/,
  },
  {
    name: "with a flipped bit in the keys",
    hurt: ({ folder }) => flip(join(folder, "data/keys.json"), 20),
    says: /keys\.json is damaged/,
  },
  {
    name: "without a file",
    hurt: ({ folder }) => rmSync(join(folder, "data/marks.bin")),
    says: /marks\.bin is missing/,
  },
  {
    name: "with a file that is longer",
    hurt: ({ folder }) => writeFileSync(join(folder, "data/marks.bin"), "x".repeat(99)),
    says: /has 99 bytes/,
  },
  {
    name: "with a link in place of a file",
    hurt: ({ folder }) => {
      rmSync(join(folder, "data/keys.json"));
      symlinkSync("/etc/hostname", join(folder, "data/keys.json"));
    },
    says: /no plain file/,
  },
  {
    name: "that leads out of the directory",
    hurt: ({ edit }) => edit(named("../outside")),
    says: /not a file of a data directory/,
  },
  {
    name: "that leads out further down",
    hurt: ({ edit }) => edit(named("pins/../../outside.jsonl")),
    says: /not a file/,
  },
  { name: "with an absolute path", hurt: ({ edit }) => edit(named("/etc/cron.d/outside")), says: /not a file/ },
  { name: "with a file twice", hurt: ({ edit }) => edit(named("journal.db")), says: /twice/ },
  {
    name: "of a newer version",
    hurt: ({ edit }) => edit((manifest) => Object.assign(manifest, { version: 2 })),
    says: /version 2.*Use the version/s,
  },
  {
    name: "whose journal is newer",
    hurt: ({ folder, edit }) => {
      const path = join(folder, "data/journal.db");
      const bytes = readFileSync(path);
      bytes.writeInt32BE(99, 60);
      writeFileSync(path, bytes);
      edit((manifest) => {
        const file = filesOf(manifest).find((each) => each["path"] === "journal.db");
        Object.assign(file ?? {}, { sha256: createHash("sha256").update(bytes).digest("hex") });
      });
    },
    says: /format 99/,
  },
  {
    name: "whose sessions are not those of the manifest",
    hurt: ({ edit }) =>
      edit((manifest) => Object.assign((manifest["sessions"] as object[])[0] ?? {}, { journal_seq: 77 })),
    says: /does not have session/,
  },
  {
    name: "that is something else",
    hurt: ({ edit }) => edit((manifest) => Object.assign(manifest, { format: "zip" })),
    says: /not the manifest/,
  },
];

describe("a backup", () => {
  it.each(HOSTILE)("$name is refused, and nothing is touched", async ({ name, hurt, says }) => {
    const folder = join(place.path, name.replaceAll(" ", "-"));
    cpSync(backup, folder, { recursive: true });
    hurt({ folder, edit: (change) => editManifest(folder, change) });
    const target = join(place.path, "target");
    const outcome = await place.run(["restore", folder, "--data-dir", target]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("backup_refused");
    expect(outcome.stderr).toMatch(says);
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(place.path).filter((each) => each.includes("partial"))).toEqual([]);
    expect(existsSync(join(place.path, "outside"))).toBe(false);
  });

  it("is restored into an empty folder, and tells what it restored", async () => {
    const target = join(place.path, "empty");
    mkdirSync(target);
    const report = await place.runJson(["restore", backup, "--data-dir", target]);
    expect(report).toMatchObject({ path: target, moved_to: null, sessions: [{ id: session, journal_seq: 1 }] });
    expect(readdirSync(target)).toEqual(expect.arrayContaining(["journal.db", "keys.json", "tapedeck.json"]));
    expect(readdirSync(target).filter((each) => each.includes("partial"))).toEqual([]);
  });

  it("takes the place of a directory only by force, keeps that aside, and never under a server", async () => {
    const target = join(place.path, "taken");
    cpSync(place.dataDir, target, { recursive: true });
    writeFileSync(join(target, "marks.bin"), "something of one's own");
    const refused = await place.run(["restore", backup, "--data-dir", target]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/not empty.*--force/);
    const report = await place.runJson(["restore", backup, "--data-dir", target, "--force"]);
    const aside = field(report, "moved_to");
    expect(readFileSync(join(aside, "marks.bin"), "utf8")).toBe("something of one's own");
    const server = await serve({ ...place, dataDir: target });
    const locked = await place.run(["restore", backup, "--data-dir", target, "--force"]);
    expect(locked.stderr).toContain("data_directory_locked");
    const { status } = await createClient(server.url).request("GET", `/v1/sessions/${session}`);
    expect(status).toBe(200);
    server.kill("SIGTERM");
    await server.outcome;
  });

  it("is not put in the place of a folder of something else, even by force", async () => {
    const target = join(place.path, "documents");
    mkdirSync(target);
    writeFileSync(join(target, "letter.txt"), "dear");
    const refused = await place.run(["restore", backup, "--data-dir", target, "--force"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/neither empty nor a data directory/);
  });
});
