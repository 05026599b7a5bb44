/** The auditor's hours against the engine's, on the edges that random sessions seldom meet. */
import { expect, it } from "vitest";
import { isAuctionWindow } from "../../src/engine/orders/venue.ts";
import { instant } from "../../src/kernel/index.ts";
import { time } from "../golden/golden-values.ts";
import { isTooLateForAuction } from "./auditor/hours.ts";

it.each([
  ["opg", "2024-03-05T09:28:00-05:00"],
  ["cls", "2024-03-05T15:50:00-05:00"],
  ["cls", "2024-11-29T12:50:00-05:00"],
] as const)("R18: %s orders are refused from %s until 19:00, to the millisecond", (timeInForce, cutOff) => {
  const evening = time(`${cutOff.slice(0, 10)}T19:00:00-05:00`);
  for (const [at, isTaken] of [
    [time(cutOff) - 1, true],
    [time(cutOff), false],
    [evening - 1, false],
    [evening, true],
  ] as const) {
    const moment = instant(at);
    expect([isAuctionWindow(timeInForce, moment), !isTooLateForAuction(timeInForce, moment)]).toEqual([
      isTaken,
      isTaken,
    ]);
  }
});
