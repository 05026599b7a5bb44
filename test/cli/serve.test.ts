/** `tapedeck serve`: from its first line to its last. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createPlace, serve, type Place } from "./run-cli.ts";

let place: Place;
beforeEach(() => {
  place = createPlace();
});
afterEach(() => place.clear());

const health = async (url: string): Promise<unknown> => (await fetch(`${url}/health`)).json();

describe("tapedeck serve", () => {
  it("prints its address, its data and a first trade, and serves", async () => {
    const server = await serve(place);
    await server.seen(/time\/advance[\s\S]*positions\n/);
    expect(await health(server.url)).toEqual({ status: "healthy" });
    server.kill("SIGTERM");
    const { code, stdout } = await server.outcome;
    expect(code).toBe(0);
    expect(stdout).toContain(`data directory  ${place.dataDir}`);
    expect(stdout).toContain(`${server.url}/docs`);
    expect(stdout).toContain(`SESSION=$(curl -s -u test-api-key:test-api-secret ${server.url}/v1/sessions`);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with 0 after %s, and gives the data directory back", async (signal) => {
    const first = await serve(place);
    await health(first.url);
    first.kill(signal);
    expect(await first.outcome).toMatchObject({ code: 0 });
    const second = await serve(place);
    second.kill(signal);
    expect(await second.outcome).toMatchObject({ code: 0 });
  });

  it("ends at once with 130 after a second signal, while a client holds up the stop", async () => {
    const server = await serve(place);
    const client = await halfSent(server.url);
    server.kill("SIGTERM");
    server.kill("SIGINT");
    expect(await server.outcome).toMatchObject({ code: 130 });
    client.destroy();
  });

  it("is held up by a client for five seconds at most", async () => {
    const server = await serve(place);
    const client = await halfSent(server.url);
    server.kill("SIGTERM");
    expect(await server.outcome).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("held up the stop for 5 s"),
    });
    client.destroy();
  });

  it("answers with one document when asked for JSON", async () => {
    const server = place.start(["serve", "--port", "0", "--data-dir", place.dataDir, "--no-sample", "--json"]);
    await server.seen(/\n\}\n/);
    server.kill("SIGTERM");
    const { code, stdout } = await server.outcome;
    expect({ code, document: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      document: {
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        dataDir: place.dataDir,
        host: "127.0.0.1",
        sample: false,
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        pid: server.pid,
      },
    });
  });

  it("takes its settings from the environment and a config file as well", async () => {
    writeFileSync(
      join(place.path, "tapedeck.config.json"),
      JSON.stringify({ dataDir: "tape", sample: false, port: 1 }),
    );
    const server = place.start(["serve"], { TAPEDECK_PORT: "0" });
    await server.seen(/Import bars/);
    server.kill("SIGINT");
    expect(await server.outcome).toMatchObject({ code: 0, stdout: expect.stringContaining(join(place.path, "tape")) });
    expect(existsSync(join(place.path, "tape/tapedeck.json"))).toBe(true);
  });

  it("keeps data in the directory that the system has for it, unless told otherwise", async () => {
    const server = place.start(["serve", "--port", "0"]);
    await server.seen(/listens on/);
    server.kill("SIGTERM");
    await server.outcome;
    expect(existsSync(join(place.path, "share/tapedeck/tapedeck.json"))).toBe(true);
  });

  it("tells a server beyond loopback to make a key", async () => {
    const server = await serve(place, "--host", "0.0.0.0");
    await server.seen(/keys create --data-dir/);
    server.kill("SIGTERM");
    expect((await server.outcome).stdout).not.toContain("test-api-key");
  });
});

describe("a server that cannot start", () => {
  it("says who holds its data directory, and ends with 1", async () => {
    const first = await serve(place);
    const { code, stdout, stderr } = await place.run(["serve", "--port", "0", "--data-dir", place.dataDir]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^tapedeck \(data_directory_locked\): .*server\.lock is held by another server/m);
    expect(stderr).toContain(first.url);
    first.kill("SIGTERM");
    await first.outcome;
  });

  it("says that its port is taken, and ends with 1", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await place.run(["serve", "--port", String(port), "--data-dir", place.dataDir]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/tapedeck \(cannot_listen\): .*EADDRINUSE.*--port/);
    other.close();
  });

  it("leaves a directory alone that is not its own, and ends with 1", async () => {
    mkdirSync(place.dataDir);
    writeFileSync(join(place.dataDir, "thesis.txt"), "");
    const { code, stderr } = await place.run(["serve", "--port", "0", "--data-dir", place.dataDir, "--json"]);
    expect(code).toBe(1);
    const document = JSON.parse(stderr.slice(stderr.indexOf("{"))) as unknown;
    expect(document).toEqual({
      error: { code: "data_directory_foreign", message: expect.stringContaining("thesis.txt") },
    });
  });
});

/** A client whose body never comes, so that the server would wait for it; the answer, 401, shows that the head was read. */
async function halfSent(url: string): Promise<Socket> {
  const client = connect(Number(new URL(url).port), "127.0.0.1");
  const isAnswered = new Promise((resolve) => {
    client.once("data", resolve);
  });
  client.write("POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
  await isAnswered;
  return client;
}

it("speaks https and wss with a certificate of its own, and says how to trust it", async () => {
  const server = place.start(["serve", "--port", "0", "--data-dir", place.dataDir, "--tls-self-signed"]);
  const [, url = "", path = ""] = await server.seen(/listens on (https:\/\/\S+)\n[^]*NODE_EXTRA_CA_CERTS=(\S+)/);
  const ca = readFileSync(path, "utf8");
  const status = await new Promise((resolve, reject) => {
    https.get(`${url}/health`, { ca }, (response) => resolve(response.statusCode)).on("error", reject);
  });
  const socket = new WebSocket(`${url.replace("https", "wss")}/v2/iex`, { ca });
  const welcome = await new Promise((resolve, reject) => {
    socket.once("message", (data: Buffer) => resolve(data.toString()));
    socket.once("error", reject);
  });
  socket.terminate();
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  server.kill("SIGTERM");
  expect([status, welcome, (await server.outcome).code]).toEqual([200, '[{"T":"success","msg":"connected"}]', 0]);
});
