import { describe, expect, it } from "vitest";
import { configOf, EMPTY_DRAFT, fieldOf, NO_OPTIONS, requestOf, type Draft } from "./session-draft.ts";
import { textOf } from "./same-request.ts";

const DRAFT: Draft = { ...EMPTY_DRAFT, name: " it's Q1 ", from: "2023-01-03", to: "2023-06-30", cash: "25000" };

describe("a draft", () => {
  it("becomes a request from an open to a close, in New York's time", () => {
    expect(requestOf(DRAFT)).toEqual({
      startTime: "2023-01-03T09:30:00-05:00",
      endTime: "2023-06-30T16:00:00-04:00",
      name: "it's Q1",
      initialCash: "25000",
    });
  });

  it("sends only the options that were chosen, and what is no number as it was typed", () => {
    expect(configOf(DRAFT)).toEqual({});
    const options = { ...NO_OPTIONS, slippage: "bps", latencyMs: "150", seed: "many", fees: "none" } as const;
    expect(configOf({ ...DRAFT, profile: "ideal", options })).toEqual({
      profile: "ideal",
      slippage: { model: "bps", args: [5] },
      latencyMs: 150,
      seed: "many",
      fees: "none",
    });
  });

  it("knows which field a refusal is about", () => {
    expect(fieldOf("endTime must be after startTime, got x")).toBe("to");
    expect(fieldOf('config.seed must be a whole number from 0 to 1, got "many"')).toBe("seed");
    expect(fieldOf("initialCash must be > 0")).toBe("cash");
    expect(fieldOf("a disk is full")).toBeUndefined();
  });
});

describe("the same request in other words", () => {
  const request = {
    body: requestOf(DRAFT),
    origin: "http://127.0.0.1:5001",
    key: { id: "test-api-key", secret: "test-api-secret" },
    opensAccount: true,
  };

  it("is quoted for a shell", () => {
    expect(textOf("cli", request)).toBe(
      [
        "tapedeck session create",
        "  --start 2023-01-03T09:30:00-05:00",
        "  --end 2023-06-30T16:00:00-04:00",
        String.raw`  --name 'it'\''s Q1'`,
        "  --cash 25000",
        "  --url http://127.0.0.1:5001",
      ].join(" \\\n"),
    );
    expect(textOf("curl", request)).toContain(String.raw`"name": "it'\''s Q1"`);
  });

  it("has no secret but the published one", () => {
    for (const language of ["curl", "python", "typescript"] as const) {
      expect(textOf(language, request)).toContain("test-api-secret");
      expect(textOf(language, { ...request, key: undefined })).toContain("TAPEDECK_SECRET_KEY");
    }
  });
});
