/** The auditor's hours against the engine's, on the edges that random sessions seldom meet. */
import { expect, it } from "vitest";
import { defaultConfig } from "../../src/engine/index.ts";
import { isAuctionWindow } from "../../src/engine/orders/venue.ts";
import { instant } from "../../src/kernel/index.ts";
import { time } from "../golden/golden-values.ts";
import { isTooLateForAuction } from "./auditor/hours.ts";

it.each<["opg" | "cls", string, number?]>([
  ["opg", "2024-03-05T09:28:00-05:00"],
  ["cls", "2024-03-05T15:50:00-05:00"],
  ["cls", "2024-11-29T12:50:00-05:00"],
  ["cls", "2024-11-29T12:55:00-05:00", 5],
  ["cls", "2024-03-05T16:00:00-05:00", 0],
] as const)(
  "R18: %s orders are refused from %s until 19:00, to the millisecond",
  (timeInForce, cutOff, minutes = 10) => {
    const config = { ...defaultConfig("ideal"), clsCutOffMinutes: minutes };
    const evening = time(`${cutOff.slice(0, 10)}T19:00:00-05:00`);
    for (const [at, isTaken] of [
      [time(cutOff) - 1, true],
      [time(cutOff), false],
      [evening - 1, false],
      [evening, true],
    ] as const) {
      const moment = instant(at);
      expect([isAuctionWindow(config, timeInForce, moment), !isTooLateForAuction(config, timeInForce, moment)]).toEqual(
        [isTaken, isTaken],
      );
    }
  },
);
