import { expect, it } from "vitest";
import { routeOf, sessionPath } from "./routes.ts";

it("each path of the page shows one thing", () => {
  const kinds = ["/", "/new", "/new/", "/compare", "/data", "/data/AAPL", "/connect"].map((path) => routeOf(path).kind);
  expect(kinds).toEqual(["sessions", "new", "new", "compare", "catalog", "catalog", "connect"]);
});

it("a session's path says which", () => {
  expect(routeOf(sessionPath("a/b ü"))).toEqual({ kind: "session", id: "a/b ü" });
  expect(routeOf("/s/%zz")).toEqual({ kind: "session", id: "%zz" });
});

it("every other path is unknown", () => {
  for (const path of ["/s", "/s/a/b", "/sessions", "/new/x", "/constructor"])
    expect(routeOf(path).kind).toBe("unknown");
});
