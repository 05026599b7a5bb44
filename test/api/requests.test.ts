/** What every request meets before a surface sees it: credentials, guards, paths and bodies. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEVELOPMENT, openApi, SPAN, type Api } from "../support/api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe("what every request meets", () => {
  it("wants credentials, of either kind, and says which", async () => {
    expect(await api.send("GET", "/v1/sessions", { authorization: null })).toMatchObject({
      status: 401,
      body: { code: 40_110_000 },
    });
    for (const authorization of ["Basic !!!", "Bearer x", "Basic eA=="]) {
      expect(await api.send("GET", "/v1/sessions", { authorization })).toMatchObject({
        status: 401,
        body: { code: 40_110_000 },
      });
    }
    const wrong = `Basic ${Buffer.from("test-api-key:wrong").toString("base64")}`;
    expect(await api.send("GET", "/v1/sessions", { authorization: wrong })).toMatchObject({
      status: 401,
      body: { code: 40_110_002 },
    });
    const headers = { "apca-api-key-id": "test-api-key", "apca-api-secret-key": "test-api-secret" };
    expect((await api.send("GET", "/v1/sessions", { authorization: null, headers })).status).toBe(200);
  });

  it("is healthy without credentials", async () => {
    expect(await api.send("GET", "/health", { authorization: null })).toMatchObject({
      status: 200,
      body: { status: "healthy" },
    });
  });

  it.each([
    [
      "a foreign Host",
      { host: "evil.example:5000" },
      'Host must be one of localhost, 127.0.0.1, [::1], got "evil.example:5000"',
    ],
    ["a foreign Origin", { origin: "https://evil.example" }, "Origin must be the server's own, http://localhost:5000"],
    ["another port's Origin", { origin: "http://localhost:3000" }, "Origin must be the server's own"],
    ["no one's Origin", { origin: "null" }, "Origin must be the server's own"],
  ])("refuses %s, on every route", async (_what, headers, message) => {
    for (const url of ["/health", "/v1/sessions", "/openapi.json", "/docs"]) {
      const answer = await api.app.inject({
        method: "GET",
        url,
        headers: { host: "localhost:5000", authorization: DEVELOPMENT, ...headers },
      });
      expect([answer.statusCode, answer.json().code]).toEqual([403, 40_310_001]);
      expect(answer.json().message).toContain(message);
    }
  });

  it("takes its own Origin, any loopback name, and any port in Host", async () => {
    for (const headers of [
      { origin: "http://localhost:5000" },
      { host: "127.0.0.1:1234" },
      { host: "[::1]:5000" },
      { host: "localhost" },
    ]) {
      expect((await api.send("GET", "/v1/sessions", { headers })).status).toBe(200);
    }
  });

  it("collapses slashes and never redirects", async () => {
    for (const url of ["//v1//sessions", "/v1/sessions/", "//v1/sessions//"])
      expect((await api.send("GET", url)).status).toBe(200);
  });

  it("answers unknown paths with 404 and wrong methods with 405 and Allow", async () => {
    expect(await api.send("GET", "/v1/nothing")).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: "no such path: /v1/nothing" },
    });
    const { status, headers, body } = await api.send("PUT", "/v1/sessions");
    expect([status, body.code, headers["allow"]]).toEqual([405, 40_510_000, "GET, HEAD, POST"]);
    expect((await api.send("GET", "/v1/%zz")).status).toBe(400);
  });

  it("reads JSON whatever the content type says, and an absent body as {}", async () => {
    for (const type of ["text/plain;charset=UTF-8", "", "application/x-www-form-urlencoded", "application/json"]) {
      const reply = await api.send("POST", "/v1/sessions", {
        raw: JSON.stringify(SPAN),
        headers: { "content-type": type },
      });
      expect(reply.status, type).toBe(201);
    }
    expect((await api.send("POST", "/v1/sessions", { raw: "" })).body.message).toBe("startTime is required");
  });

  it.each([
    ["malformed JSON", "{", 400, "the body is not JSON"],
    ["a list", "[]", 400, "the body must be object, got []"],
    ["a word", '"x"', 400, 'the body must be object, got "x"'],
    ["null", "null", 400, "the body must be object, got null"],
    ["a prototype", '{"__proto__":{"x":1}}', 400, "the body must not have a property __proto__"],
    ["deep nesting", `${"[".repeat(50)}${"]".repeat(50)}`, 400, "nests deeper than 32"],
    ["very deep nesting", "[".repeat(100_000), 400, "the body is not JSON"],
    ["more than 1 MiB", `{"name":"${"x".repeat(1_100_000)}"}`, 413, "larger than 1 MiB"],
  ])("refuses %s", async (_what, raw, status, message) => {
    const reply = await api.send("POST", "/v1/sessions", { raw });
    expect(reply.status).toBe(status);
    expect(reply.body.message).toContain(message);
  });
});
