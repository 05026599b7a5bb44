import { describe, expect, it } from "vitest";
import { counted, directionOf, gain, money, NOTHING, percent, price, quantity } from "./numbers.ts";

describe("numbers as text", () => {
  it("show what is missing as a dash, never as zero", () => {
    for (const format of [money, gain, percent, price, quantity])
      expect([undefined, null, "", "x", Number.NaN].map(format)).toEqual(Array(5).fill(NOTHING));
  });

  it("are dollars with cents, signed where they are gains", () => {
    expect(money("104218.2")).toBe("104,218.20");
    expect([gain(312), gain(-27.5), gain(0)]).toEqual(["+312.00", "−27.50", "0.00"]);
  });

  it("are fractions as percentages, with a sign that is not colour alone", () => {
    expect([percent(0.0422), percent("-0.0269"), percent(0)]).toEqual(["+4.22 %", "−2.69 %", "0.00 %"]);
  });

  it("keep the decimals of a price", () => {
    expect([price(170), price("0.0612"), price(130.425)]).toEqual(["170.00", "0.0612", "130.425"]);
  });

  it("count", () => {
    expect([counted(1, "session"), counted(2000, "fill")]).toEqual(["1 session", "2,000 fills"]);
  });

  it("point up, down or nowhere", () => {
    expect([directionOf("1"), directionOf(-1), directionOf(0), directionOf(undefined)]).toEqual(["up", "down", "", ""]);
  });
});
