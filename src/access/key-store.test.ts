import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeyStore } from "./key-store.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-keys-"));
  path = join(directory, "keys.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (developmentKey = false) => createKeyStore({ directory, developmentKey, recheckMs: 0 });

describe("keys", () => {
  it("let their holder in, and nobody else", async () => {
    const store = open();
    const key = await store.create({ name: "research" });
    const other = await store.create({ name: "other" });
    expect(key.id).toMatch(/^TK[A-Z2-7]{18}$/);
    expect(key.secret).toMatch(/^[A-Z2-7]{52}$/);
    for (let round = 0; round < 2; round += 1) {
      expect(store.authenticate(key.id, key.secret)).toEqual({ owner: key.owner, keyId: key.id });
      expect(store.authenticate(other.id, other.secret)?.owner).toBe(other.owner);
      expect(store.authenticate(key.id, other.secret)).toBeUndefined();
      expect(store.authenticate(key.id, `${key.secret} `)).toBeUndefined();
      expect(store.authenticate(key.id, "")).toBeUndefined();
      expect(store.authenticate("", key.secret)).toBeUndefined();
      expect(store.authenticate(`${key.id}${key.secret}`, "")).toBeUndefined();
      expect(store.authenticate(key.id.toLowerCase(), key.secret)).toBeUndefined();
      expect(store.authenticate("__proto__", "\ud800\u0000")).toBeUndefined();
    }
    expect(other.owner).not.toBe(key.owner);
  });

  it("are listed oldest first, without secrets, also over a second store", async () => {
    const store = open();
    const first = await store.create({ name: "first" });
    await store.create({ name: "second ✓" });
    expect(open().list()).toEqual(store.list());
    expect(store.list().map((key) => key.name)).toEqual(["first", "second ✓"]);
    expect(store.list()[0]).toEqual({
      id: first.id,
      owner: first.owner,
      name: "first",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      rotatedAt: undefined,
      revokedAt: undefined,
      binding: undefined,
    });
    expect(JSON.stringify(store.list())).not.toContain(first.secret);
  });

  it("for one account carry what they were made for, through a restart and a new secret", async () => {
    const boundTo = {
      owner: "someone",
      session: "0e8c8e0a-4f0d-4f0a-8a86-0f7f6f1c3c11",
      account: "5b1c8e0a-4f0d-5f0a-8a86-0f7f6f1c3c11",
      scope: "session",
    } as const;
    const { owner, ...binding } = boundTo;
    const key = await open().create({ name: "bound", boundTo });
    expect(open().authenticate(key.id, key.secret)).toEqual({ owner, keyId: key.id, binding });
    const { secret } = await open().rotate(key.id);
    expect(open().authenticate(key.id, secret)).toEqual({ owner, keyId: key.id, binding });
    const store = open();
    await store.revokeSession("another");
    expect(store.authenticate(key.id, secret)).toBeDefined();
    await store.revokeSession(boundTo.session);
    expect(store.authenticate(key.id, secret)).toBeUndefined();
  });

  it("of a file of format 1 go on working, and are written as format 2", async () => {
    const first = await open().create({ name: "first" });
    const file = JSON.parse(readFileSync(path, "utf8"));
    for (const key of file.keys) for (const field of ["account", "session", "scope"]) delete key[field];
    writeFileSync(path, JSON.stringify({ ...file, format: 1 }));
    const store = open();
    expect(store.authenticate(first.id, first.secret)).toEqual({ owner: first.owner, keyId: first.id });
    await store.create({ name: "second" });
    expect(JSON.parse(readFileSync(path, "utf8")).format).toBe(2);
    expect(store.authenticate(first.id, first.secret)?.owner).toBe(first.owner);
  });

  it("keep their owner when they get a new secret, and the old one stops at once", async () => {
    const store = createKeyStore({ directory, developmentKey: false });
    const key = await store.create({ name: "research" });
    expect(store.authenticate(key.id, key.secret)).toBeDefined();
    const renewed = await store.rotate(key.id);
    expect([renewed.id, renewed.owner]).toEqual([key.id, key.owner]);
    expect(renewed.rotatedAt).toBeDefined();
    expect(store.authenticate(key.id, key.secret)).toBeUndefined();
    expect(store.authenticate(key.id, renewed.secret)?.owner).toBe(key.owner);
  });

  it("end when they are revoked, for good", async () => {
    const store = createKeyStore({ directory, developmentKey: false });
    const key = await store.create({ name: "research" });
    expect(store.authenticate(key.id, key.secret)).toBeDefined();
    const revoked = await store.revoke(key.id);
    expect(revoked.revokedAt).toBeDefined();
    expect(revoked).not.toHaveProperty("secret");
    expect(store.authenticate(key.id, key.secret)).toBeUndefined();
    expect(await store.revoke(key.id)).toEqual(revoked);
    await expect(store.rotate(key.id)).rejects.toMatchObject({
      code: "bad_argument",
      message: expect.stringContaining("was revoked"),
    });
  });

  it("follow what another process does to the file", async () => {
    const [server, cli] = [open(), open()];
    const key = await cli.create({ name: "from the command line" });
    expect(server.authenticate(key.id, key.secret)).toBeDefined();
    await cli.revoke(key.id);
    expect(server.authenticate(key.id, key.secret)).toBeUndefined();
    rmSync(path);
    expect(server.list()).toEqual([]);
  });

  it("are all there when many are made at once", async () => {
    const stores = [open(), open()];
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) => stores[index % 2]?.create({ name: `k${index}` })),
    );
    expect(
      new Set(
        open()
          .list()
          .map((key) => key.id),
      ),
    ).toEqual(new Set(made.map((key) => key?.id)));
  });

  it("refuse unknown ids without repeating them, and names that nobody can read", async () => {
    const store = open();
    const error = await store.rotate("MY-SECRET").catch(String);
    expect(error).toMatch(/No key has the id/);
    expect(error).not.toContain("MY-SECRET");
    await expect(store.revoke("x")).rejects.toMatchObject({ code: "bad_argument" });
    for (const name of ["", "a\nb", "\u0000", "\ud800", "x".repeat(257), "x".repeat(10_000)]) {
      await expect(store.create({ name })).rejects.toMatchObject({
        code: "bad_argument",
        message: expect.stringMatching(/^name is/),
      });
    }
    expect(store.list()).toEqual([]);
  });
});

describe("the development key", () => {
  it("is known only where it was asked for", () => {
    const owner = { owner: "development", keyId: "test-api-key" };
    expect(open(true).authenticate("test-api-key", "test-api-secret")).toEqual(owner);
    expect(open(true).authenticate("test-api-key", "test-api-secreT")).toBeUndefined();
    expect(open(true).authenticate("test-api-key", "")).toBeUndefined();
    expect(open(false).authenticate("test-api-key", "test-api-secret")).toBeUndefined();
    expect(open(true).list()).toEqual([]);
  });
});

describe("the file of keys", () => {
  it("is for its owner's eyes only and holds no secret", async () => {
    const key = await open().create({ name: "research" });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).not.toContain(key.secret);
  });

  it("is refused where it is damaged, and the refusal quotes nothing of it", async () => {
    const store = open(true);
    const key = await store.create({ name: "research" });
    const good = readFileSync(path, "utf8");
    const hash = /"hash": "(\w+)"/.exec(good)?.[1] ?? "";
    const cases = [
      "",
      "null",
      good.slice(0, -20),
      good.replace('"keys"', '"kees"'),
      good.replace('"format": 2', '"format": "2"'),
      good.replace('"account": null', '"account": "mine"'),
      good.replace(hash, hash.slice(1)),
      good.replace(`"id": "${key.id}"`, '"id": 5'),
      good.replace('"revoked_at": null', '"revoked_at": "yes"'),
    ];
    for (const text of cases) {
      writeFileSync(path, text);
      const thrown = captureError(() => open());
      expect(thrown).toMatchObject({ name: "AppError", code: "data_directory_damaged" });
      expect(String(thrown)).toContain(path);
      expect(String(thrown)).not.toContain(hash.slice(1));
      expect(captureError(() => store.authenticate(key.id, key.secret))).toMatchObject({
        code: "data_directory_damaged",
      });
      expect(store.authenticate("test-api-key", "test-api-secret")).toBeDefined();
      await expect(store.create({ name: "new" })).rejects.toMatchObject({ code: "data_directory_damaged" });
      expect(readFileSync(path, "utf8")).toBe(text);
    }
    writeFileSync(path, good);
    expect(store.authenticate(key.id, key.secret)).toBeDefined();
  });

  it("is refused where a newer version wrote it", () => {
    writeFileSync(path, '{"format": 3, "keys": {}}');
    expect(captureError(() => open())).toMatchObject({
      code: "data_directory_newer",
      message: expect.stringContaining("format 3"),
    });
  });
});

function captureError(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
