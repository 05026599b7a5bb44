/** `tapedeck keys`: what they let in, and for how long. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlace, serve, type Place } from "./run-cli.ts";

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
}

let place: Place;
beforeEach(() => {
  place = createPlace();
});
afterEach(() => place.clear());

const keys = (...words: readonly string[]): readonly string[] => ["keys", ...words, "--data-dir", place.dataDir];

const asVariables = ({ id, secret }: Key): Record<string, string> => ({
  TAPEDECK_KEY_ID: id,
  TAPEDECK_SECRET_KEY: secret,
});

describe("tapedeck keys", () => {
  it("shows a secret once, as lines to copy, and keeps none", async () => {
    const { code, stdout } = await place.run(keys("create", "--name", "my bot"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Key TK\w+ was made for "my bot"\.\n/);
    const [, id = ""] = /export TAPEDECK_KEY_ID=(\w+)\n/.exec(stdout) ?? [];
    const [, secret = ""] = /export TAPEDECK_SECRET_KEY=(\w+)\n/.exec(stdout) ?? [];
    const list = await place.run(keys("list"));
    expect(list.stdout).toMatch(new RegExp(`^${id} +my bot +\\d{4}-`, "m"));
    for (const text of [list.stdout, readFileSync(join(place.dataDir, "keys.json"), "utf8")])
      expect(text).not.toContain(secret);
  });

  it("let a client in, renew its secret without losing its sessions, and shut it out, all beside a running server", async () => {
    const server = await serve(place);
    const session = (verb: string, key: Key): ReturnType<Place["run"]> =>
      place.run(["session", verb, "--url", server.url], asVariables(key));
    const key = (await place.runJson(keys("create"))) as Key;
    const span = ["--start", "2023-01-03T14:30:00Z", "--end", "2023-01-31T21:00:00Z"];
    await place.runJson(["session", "create", ...span, "--name", "mine", "--url", server.url], asVariables(key));

    const renewed = (await place.runJson(keys("rotate", key.id))) as Key;
    expect(renewed).toMatchObject({ id: key.id, secret: expect.not.stringContaining(key.secret) });
    expect(await session("list", key)).toMatchObject({ code: 3, stderr: expect.stringContaining("TAPEDECK_KEY_ID") });
    expect(await session("list", renewed)).toMatchObject({ code: 0, stdout: expect.stringContaining("mine") });

    expect(await place.runJson(keys("revoke", key.id))).toMatchObject({ id: key.id, revokedAt: expect.any(String) });
    expect(await session("list", renewed)).toMatchObject({ code: 3 });
    expect(await place.run(keys("rotate", key.id))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("was revoked"),
    });
    server.kill("SIGTERM");
    expect(await server.outcome).toMatchObject({ code: 0 });
  });

  it("end with 5 for a key that does not exist, and repeat nothing of what was given", async () => {
    const { code, stderr } = await place.run(keys("revoke", "PERHAPSASECRET"));
    expect(code).toBe(5);
    expect(stderr).toContain("keys list");
    expect(stderr).not.toContain("PERHAPSASECRET");
  });

  it("are listed as none where there is no data directory yet", async () => {
    expect(await place.runJson(keys("list"))).toEqual([]);
    expect(await place.run(keys("list"))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("tapedeck keys create"),
    });
  });

  it("take a name of 1 to 256 characters", async () => {
    expect(await place.run(keys("create", "--name", ""))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("name is"),
    });
  });
});
