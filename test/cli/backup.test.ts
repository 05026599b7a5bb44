/** `tapedeck backup` beside a server that is written to, after its sudden end, and on a disk that is full. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, field, type Client } from "../support/http-client.ts";
import { createPlace, serve, type Place } from "./run-cli.ts";

let place: Place;

beforeEach(() => {
  place = createPlace();
});

afterEach(() => place.clear());

interface Desk {
  readonly session: string;
  readonly account: string;
}

async function openDesk(client: Client): Promise<Desk> {
  const span = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-12-29T21:00:00Z" };
  const session = field((await client.request("POST", "/v1/sessions", span)).body, "id");
  return { session, account: field((await client.request("POST", "/v1/accounts", {}, session)).body, "id") };
}

const pathOf = ({ account }: Desk): string => `/v1/trading/accounts/${account}/orders`;

async function buy(client: Client, desk: Desk, name: string): Promise<boolean> {
  const order = { symbol: "AAPL", side: "buy", qty: 1, type: "limit", limit_price: 2, time_in_force: "gtc" };
  const { status } = await client.request("POST", pathOf(desk), { ...order, client_order_id: name }, desk.session);
  return status === 201;
}

const advance = async (client: Client, { session }: Desk, minutes: number): Promise<string> =>
  field(
    (await client.request("POST", `/v1/sessions/${session}/time/advance`, { duration: minutes })).body,
    "currentTime",
  );

async function namesOf(client: Client, desk: Desk): Promise<readonly string[]> {
  const { body } = await client.request("GET", `${pathOf(desk)}?status=all&limit=500`, undefined, desk.session);
  return (body as object[]).map((order) => field(order, "client_order_id"));
}

const clockOf = async (client: Client, { session }: Desk): Promise<string> =>
  field((await client.request("GET", `/v1/sessions/${session}`)).body, "current_time");

const verdictOf = async (client: Client, { session }: Desk): Promise<unknown> =>
  (await client.request("POST", `/v1/sessions/${session}/verify`, {})).body;

/** Writes until it is told to stop; every acknowledged order, in order, with one session it also moves the clock. */
function write(client: Client, desk: Desk): { readonly taken: string[]; readonly stop: () => Promise<void> } {
  const taken: string[] = [];
  const state = { isOver: false };
  const work = (async (): Promise<void> => {
    for (let count = 1; !state.isOver; count += 1) {
      if (await buy(client, desk, `order-${count}`)) taken.push(`order-${count}`);
      if (count % 10 === 0) await advance(client, desk, 0.01);
    }
  })();
  return {
    taken,
    stop: async () => {
      state.isOver = true;
      await work;
    },
  };
}

async function serveRestored(from: string): Promise<{ readonly client: Client; readonly dataDir: string }> {
  const dataDir = join(place.path, `restored-${Date.now()}`);
  await place.runJson(["restore", from, "--data-dir", dataDir]);
  const { url } = await serve({ ...place, dataDir });
  return { client: createClient(url), dataDir };
}

/** Two bars as a file beside the data directory. */
function importable({ path }: Place): void {
  const rows = ["2023-01-03T14:30:00Z,10,11,9,10.5,100", "2023-01-03T14:31:00Z,10,11,9,10.5,100"];
  writeFileSync(join(path, "bars.csv"), `timestamp,open,high,low,close,volume\n${rows.join("\n")}\n`);
}

describe("a backup", () => {
  it("of a server that is written to has all that was answered before, and no more than a moment", async () => {
    const { url } = await serve(place);
    const client = createClient(url);
    const desks = [await openDesk(client), await openDesk(client), await openDesk(client)];
    const quiet = await openDesk(client);
    await advance(client, quiet, 3);
    const clock = await advance(client, quiet, 0.5);
    const writers = desks.map((desk) => write(client, desk));
    const backups: { readonly path: string; readonly before: string[][]; readonly after: string[][] }[] = [];
    for (let round = 1; round <= 3; round += 1) {
      await wait(200);
      const before = writers.map(({ taken }) => [...taken]);
      const path = join(place.path, `backup-${round}`);
      await place.runJson(["backup", path, "--data-dir", place.dataDir]);
      backups.push({ path, before, after: writers.map(({ taken }) => [...taken]) });
    }
    await Promise.all(writers.map(({ stop }) => stop()));
    for (const { path, before, after } of backups) {
      const restored = await serveRestored(path);
      for (const [index, desk] of desks.entries()) {
        const names = new Set(await namesOf(restored.client, desk));
        const missing = before[index]?.slice(-400).filter((name) => !names.has(name));
        expect(missing).toEqual([]);
        // The one that was on its way when the backup ended may be there.
        expect(names.size).toBeLessThanOrEqual(Math.min(500, (after[index]?.length ?? 0) + 1));
        expect(await verdictOf(restored.client, desk)).toMatchObject({ verified: true });
      }
      expect(await clockOf(restored.client, quiet)).toBe(clock);
    }
    // The server has not noticed.
    expect(await buy(client, quiet, "afterwards")).toBe(true);
  });

  it("after kill -9 has all that was answered, and leaves the directory as it was", async () => {
    const server = await serve(place);
    const client = createClient(server.url);
    const desk = await openDesk(client);
    for (let count = 1; count <= 20; count += 1) await buy(client, desk, `order-${count}`);
    const clock = await advance(client, desk, 2);
    await buy(client, desk, "last");
    server.kill("SIGKILL");
    await server.outcome;
    const before = readFileSync(join(place.dataDir, "journal.log"));
    const path = join(place.path, "backup");
    const report = await place.runJson(["backup", path, "--data-dir", place.dataDir]);
    expect(report).toMatchObject({ sessions: 1, damaged_sessions: [], damaged_files: [] });
    expect(readFileSync(join(place.dataDir, "journal.log")).equals(before)).toBe(true);
    const restored = await serveRestored(path);
    expect(await namesOf(restored.client, desk)).toHaveLength(21);
    expect(await clockOf(restored.client, desk)).toBe(clock);
  });

  it("keeps bars and keys with their modes, and no certificate, lock or address", async () => {
    importable(place);
    await place.runJson(["data", "import", "bars.csv", "--symbol", "ZED", "--data-dir", place.dataDir]);
    const key = await place.runJson(["keys", "create", "--name", "bot", "--data-dir", place.dataDir]);
    mkdirSync(join(place.dataDir, "tls"));
    writeFileSync(join(place.dataDir, "tls", "key.pem"), "a private key");
    const path = join(place.path, "backup");
    await place.runJson(["backup", path, "--data-dir", place.dataDir]);
    const files = readdirSync(join(path, "data"), { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => /tls|lock|server|\.log$|-wal|-shm/.test(name))).toEqual([]);
    expect(readFileSync(join(path, "data", "keys.json"), "utf8")).not.toContain(field(key, "secret"));
    expect(statSync(join(path, "data", "keys.json")).mode & 0o777).toBe(0o600);
    const dataDir = join(place.path, "restored");
    await place.runJson(["restore", path, "--data-dir", dataDir]);
    expect(statSync(join(dataDir, "keys.json")).mode & 0o777).toBe(0o600);
    const list = ["data", "list", "--no-sample", "--data-dir"];
    const before = (await place.runJson([...list, place.dataDir])) as object;
    expect(await place.runJson([...list, dataDir])).toEqual({ ...before, dataDir });
    expect(await place.runJson(["keys", "list", "--data-dir", dataDir])).toMatchObject([{ id: field(key, "id") }]);
    expect((await place.run(["data", "verify", "ZED", "--data-dir", dataDir])).code).toBe(0);
  });

  it("has the bars of one moment while others are imported", async () => {
    importable(place);
    const into = ["--symbol", "ZED", "--timeframe", "1Min", "--data-dir", place.dataDir];
    await place.runJson(["data", "import", "bars.csv", ...into]);
    const state = { isOver: false };
    const importing = (async (): Promise<void> => {
      for (let minute = 32; !state.isOver && minute < 60; minute += 1) {
        const row = `2023-01-03T14:${minute}:00Z,10,11,9,10.5,100`;
        writeFileSync(join(place.path, "more.csv"), `timestamp,open,high,low,close,volume\n${row}\n`);
        await place.runJson(["data", "import", "more.csv", ...into]);
      }
    })();
    const dataDirs = [];
    for (let round = 1; round <= 5; round += 1) {
      const path = join(place.path, `backup-${round}`);
      expect(await place.runJson(["backup", path, "--data-dir", place.dataDir])).toMatchObject({ damaged_files: [] });
      dataDirs.push(join(place.path, `restored-${round}`));
      await place.runJson(["restore", path, "--data-dir", dataDirs.at(-1) ?? ""]);
    }
    state.isOver = true;
    await importing;
    for (const dataDir of dataDirs) {
      expect((await place.run(["data", "verify", "ZED", "--data-dir", dataDir])).code).toBe(0);
    }
  });

  it("names bars that were damaged before, ends with 1, and has the rest", async () => {
    importable(place);
    for (const symbol of ["GOOD", "BAD"])
      await place.runJson(["data", "import", "bars.csv", "--symbol", symbol, "--data-dir", place.dataDir]);
    const folder = join(place.dataDir, "market", "bars", "B");
    const [name = ""] = readdirSync(folder);
    truncateSync(join(folder, name), 600);
    const path = join(place.path, "backup");
    const outcome = await place.run(["backup", path, "--data-dir", place.dataDir]);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain(name);
    expect(existsSync(join(path, "backup.json"))).toBe(true);
  });

  it("is refused into a folder that is there, into the data directory, and of no data directory", async () => {
    await serve(place);
    const cases = [
      { args: [join(place.path, "data"), "--data-dir", place.dataDir], says: /data directory itself/ },
      { args: [join(place.dataDir, "here"), "--data-dir", place.dataDir], says: /data directory itself/ },
      { args: [place.path, "--data-dir", place.dataDir], says: /is there already/ },
      { args: [join(place.path, "new"), "--data-dir", join(place.path, "nowhere")], says: /is no data directory/ },
    ];
    for (const { args, says } of cases) {
      const outcome = await place.run(["backup", ...args]);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toMatch(says);
    }
  });
});

/** A disk of its own, where the system lets us have one. */
function smallDisk(path: string): (() => void) | undefined {
  mkdirSync(path);
  try {
    execFileSync("sh", ["-c", 'mount -t tmpfs -o size=256k tmpfs "$0"', path], { stdio: "ignore" });
    return () => execFileSync("sh", ["-c", 'umount "$0"', path]);
  } catch {
    return undefined;
  }
}

describe("a disk that is full", () => {
  it("is named, and nothing of the backup or the restored directory stays", async ({ skip }) => {
    const disk = join(place.path, "disk");
    const unmount = smallDisk(disk);
    if (unmount === undefined) return skip("mounting a disk needs rights that this user does not have");
    try {
      const server = await serve(place);
      const client = createClient(server.url);
      const desk = await openDesk(client);
      for (let count = 1; count <= 300; count += 1) await buy(client, desk, `order-${count}`);
      const failed = await place.run(["backup", join(disk, "backup"), "--data-dir", place.dataDir]);
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(/backup_failed|journal_unavailable/);
      expect(failed.stderr).toMatch(/full|ENOSPC/i);
      expect(readdirSync(disk)).toEqual([]);
      const path = join(place.path, "backup");
      await place.runJson(["backup", path, "--data-dir", place.dataDir]);
      const refused = await place.run(["restore", path, "--data-dir", join(disk, "data")]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/ENOSPC|no space/i);
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      unmount();
    }
    return undefined;
  });
});
