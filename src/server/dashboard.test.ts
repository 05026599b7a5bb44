import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeyStore } from "../access/index.ts";
import { buildApp } from "../api/index.ts";
import { openMemoryJournal } from "../journal/index.ts";
import { openMarket } from "../market/index.ts";
import { openRegistry } from "../sessions/index.ts";
import { serveDashboard } from "./dashboard.ts";

const PAGE = '<!doctype html><html lang="en"><title>Tapedeck</title></html>';
const SCRIPT = "console.log('tapedeck');".repeat(20);

let folder: string;
let app: FastifyInstance;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-dashboard-"));
  const market = await openMarket({ dataDir: folder });
  app = await buildApp({
    registry: await openRegistry({ journal: openMemoryJournal(), market }),
    keys: createKeyStore({ directory: folder, developmentKey: true }),
    allowedHosts: ["localhost"],
    version: "0.0.0",
    logLevel: "silent",
  });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function built(): Promise<void> {
  const assets = join(folder, "dashboard", "assets");
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(folder, "dashboard", "index.html"), PAGE);
  writeFileSync(join(assets, "main-1a2b.js"), SCRIPT);
  writeFileSync(join(assets, "main-1a2b.js.br"), brotliCompressSync(SCRIPT));
  await serveDashboard(app, join(folder, "dashboard"));
}

const ask = (
  url: string,
  { method = "GET", headers = {} }: { method?: "GET" | "HEAD" | "POST"; headers?: Record<string, string> } = {},
): Promise<LightMyRequestResponse> => app.inject({ url, method, headers: { host: "localhost", ...headers } });

describe("the dashboard's page", () => {
  it("answers on each of its own paths, without credentials, and loads from its own origin alone", async () => {
    await built();
    for (const path of ["/", "/new", "/s/q1", "/s/q1/results", "/compare?s=a,b", "/data", "/data/AAPL", "/connect"]) {
      const answer = await ask(path);
      expect([path, answer.statusCode, answer.body]).toEqual([path, 200, PAGE]);
      expect(answer.headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        "content-security-policy": expect.stringMatching(/^default-src 'none'; script-src 'self';/),
        "x-content-type-options": "nosniff",
      });
    }
  });

  it("answers HEAD like GET, and 304 to who has it", async () => {
    await built();
    const head = await ask("/", { method: "HEAD" });
    expect([head.statusCode, head.body, head.headers["content-length"]]).toEqual([200, "", String(PAGE.length)]);
    const again = await ask("/", { headers: { "if-none-match": String(head.headers["etag"]) } });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });

  it("leaves every other path to the API and its errors", async () => {
    await built();
    for (const path of ["/nothing", "/v1/nothing", "/assets/nothing.js", "/assets/../index.html"]) {
      const answer = await ask(path);
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 404, 40_410_000]);
    }
    expect((await ask("/v1/sessions")).statusCode).toBe(401);
    expect((await ask("/new", { method: "POST" })).json()).toMatchObject({ code: 40_510_000 });
  });

  it("is refused under a foreign host name like everything else", async () => {
    await built();
    expect((await ask("/", { headers: { host: "evil.example" } })).statusCode).toBe(403);
  });

  it("is not there where nothing was built", async () => {
    await serveDashboard(app, join(folder, "dashboard"));
    expect((await ask("/")).statusCode).toBe(404);
  });
});

describe("its assets", () => {
  it("are kept for a year, typed, and compressed for who takes it", async () => {
    await built();
    const plain = await ask("/assets/main-1a2b.js");
    expect([plain.statusCode, plain.body]).toEqual([200, SCRIPT]);
    expect(plain.headers).toMatchObject({
      "content-type": expect.stringMatching(/javascript; charset=utf-8$/),
      "cache-control": "public, max-age=31536000, immutable",
    });
    const small = await ask("/assets/main-1a2b.js", { headers: { "accept-encoding": "gzip, br" } });
    expect(small.headers["content-encoding"]).toBe("br");
    expect(small.headers["content-type"]).toMatch(/javascript; charset=utf-8$/);
    expect(Number(small.headers["content-length"])).toBeLessThan(SCRIPT.length);
  });
});
