import { expect, it } from "vitest";
import { spanOf } from "./spans.ts";

const SERIES = [
  { from: "2023-01-03T14:30:00Z", to: "2023-12-29T21:00:00Z" },
  { from: "2023-02-01T14:30:00Z", to: "2024-05-01T20:00:00Z" },
];

it("a span begins where all series have bars, or where it was asked to", () => {
  expect(spanOf("month", SERIES)).toEqual({ from: "2023-02-01", to: "2023-03-03" });
  expect(spanOf("day", SERIES, "2023-06-05")).toEqual({ from: "2023-06-05", to: "2023-06-05" });
  expect(spanOf("week", SERIES, "2022-06-05")).toEqual({ from: "2023-02-01", to: "2023-02-07" });
});

it("it ends no later than the first of them", () => {
  expect(spanOf("all", SERIES)).toEqual({ from: "2023-02-01", to: "2023-12-29" });
  expect(spanOf("quarter", SERIES, "2023-12-01")).toEqual({ from: "2023-12-01", to: "2023-12-29" });
});

it("series without a day in common have no span", () => {
  expect(spanOf("all", [])).toEqual({ from: "", to: "" });
  expect(
    spanOf("day", [
      { from: "2023-01-01", to: "2023-02-01" },
      { from: "2024-01-01", to: "2024-02-01" },
    ]),
  ).toEqual({
    from: "",
    to: "",
  });
});
