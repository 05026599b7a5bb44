import { expect, it } from "vitest";
import { routeOf, sessionPath, symbolPath } from "./routes.ts";

it("each path of the page shows one thing", () => {
  const kinds = ["/", "/new", "/new/", "/compare", "/data", "/data/AAPL", "/connect"].map((path) => routeOf(path).kind);
  expect(kinds).toEqual(["sessions", "new", "new", "compare", "catalog", "symbol", "connect"]);
});

it("a session's path says which", () => {
  expect(routeOf(sessionPath("a/b ü"))).toEqual({ kind: "session", id: "a/b ü" });
  expect(routeOf("/s/%zz")).toEqual({ kind: "session", id: "%zz" });
});

it("a symbol's path says which, slashes included", () => {
  expect(routeOf(symbolPath("BTC/USD"))).toEqual({ kind: "symbol", symbol: "BTC/USD" });
});

it("every other path is unknown", () => {
  for (const path of ["/s", "/s/a/b", "/sessions", "/new/x", "/constructor"])
    expect(routeOf(path).kind).toBe("unknown");
});
