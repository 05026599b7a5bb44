/** A data directory that an earlier version has written is opened by this one, and says the same. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { openLocalJournal } from "../../src/journal/index.ts";
import { openApi, type Api } from "../support/api.ts";

interface Seen {
  readonly session: { readonly id: string; readonly [field: string]: unknown };
  readonly accounts: readonly {
    readonly account: { readonly id: string };
    readonly orders: unknown;
    readonly positions: unknown;
    readonly activities: unknown;
  }[];
}

let directory = "";
let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function openCopy(version: string): Promise<Api> {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-migration-"));
  cpSync(fileURLToPath(new URL(version, import.meta.url)), directory, { recursive: true });
  api = await openApi({ journal: openLocalJournal({ directory }) });
  return api;
}

const seenBy = (version: string): Record<string, Seen> =>
  JSON.parse(readFileSync(new URL(`${version}-seen.json`, import.meta.url), "utf8")) as Record<string, Seen>;

describe("a data directory of an earlier version", () => {
  it.each(["v1"])("of format %s has everything that it had, and goes on", async (version) => {
    const { send } = await openCopy(version);
    for (const { session, accounts } of Object.values(seenBy(version))) {
      const { id } = session;
      expect((await send("GET", `/v1/sessions/${id}`)).body).toMatchObject(session);
      for (const { account, orders, positions, activities } of accounts) {
        const base = `/v1/trading/accounts/${account.id}`;
        const read = async (path: string): Promise<unknown> => (await send("GET", base + path, { session: id })).body;
        expect(await read("/account")).toEqual(account);
        expect(await read("/orders?status=all&nested=true")).toEqual(orders);
        expect(await read("/positions")).toEqual(positions);
        expect(await read("/account/activities")).toEqual(activities);
      }
      const forked = await send("POST", `/v1/sessions/${id}/fork`, { body: { at: "2023-01-10T15:00:00Z" } });
      expect(forked.status).toBe(201);
      const advanced = await send("POST", `/v1/sessions/${id}/time/advance`, { body: { duration: 60 } });
      expect(advanced.status).toBe(200);
      expect((await send("DELETE", `/v1/sessions/${id}`)).status).toBe(204);
      expect((await send("GET", `/v1/sessions/${forked.body.id as string}`)).body).toMatchObject({
        parent_deleted: true,
      });
    }
  });
});
