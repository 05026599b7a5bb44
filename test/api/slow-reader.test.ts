/** A large export to a client that does not read: the server reads the journal no further than the client takes it. */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openMemoryJournal } from "../../src/journal/index.ts";
import { isRefusal } from "../../src/kernel/index.ts";
import type { Journal } from "../../src/sessions/index.ts";
import { DEVELOPMENT, openApi, openDesk, type Api, type Desk } from "../support/api.ts";
import { listenOn } from "../support/streams.ts";

const ENTRIES = 500;
const NAME_BYTES = 32_768;

/** What lies between the journal and the client: the system's buffers of both sockets, and some pages of the journal. */
const AHEAD_BYTES_MAX = 24_000_000;

let api: Api;
let desk: Desk;
let bytesRead = 0;

const counted = (journal: Journal): Journal => ({
  ...journal,
  async *stored(id, fromSeq) {
    for await (const entry of journal.stored(id, fromSeq)) {
      bytesRead += entry.payload.length;
      yield entry;
    }
  },
});

beforeAll(async () => {
  api = await openApi({ journal: counted(openMemoryJournal()) });
  desk = await openDesk(api);
  const session = await api.registry.find("development", desk.session);
  for (let count = 0; count < ENTRIES; count += 1) {
    const name = randomBytes(NAME_BYTES).toString("hex");
    const outcome = await session?.execute({ kind: "update_session", name, endTime: undefined });
    if (outcome === undefined || isRefusal(outcome)) throw new Error(outcome?.message ?? "no session");
  }
});
afterAll(() => api.close());

it("waits for the client, and gives all of it in the end", async () => {
  const { hostname, port } = new URL(`http://${await listenOn(api)}`);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.pause();
  socket.write(
    `GET /v1/sessions/${desk.session}/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${DEVELOPMENT}\r\nConnection: close\r\n\r\n`,
  );
  const stillMs = 300;
  for (let before = -1, now = bytesRead; before !== now || now === 0; now = bytesRead) {
    before = now;
    await wait(stillMs);
  }
  expect(bytesRead).toBeLessThan(AHEAD_BYTES_MAX);
  let taken = 0;
  for await (const chunk of socket) taken += (chunk as Buffer).length;
  expect(bytesRead).toBeGreaterThan(2 * AHEAD_BYTES_MAX);
  expect(taken).toBeGreaterThan(AHEAD_BYTES_MAX);
});
