/** The pictures of the documents, taken anew where SCREENSHOTS names a folder for them: `SCREENSHOTS=docs/images`. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { CHROMIUM, openDashboard } from "./dashboard.ts";

const FOLDER = process.env["SCREENSHOTS"];

it.skipIf(CHROMIUM === undefined || FOLDER === undefined)(
  "the workspace of a day with trades (SCREENSHOTS)",
  async () => {
    const dashboard = await openDashboard();
    const span = {
      startTime: "2023-01-03T09:30:00-05:00",
      endTime: "2023-03-31T16:00:00-04:00",
      name: "opening range",
    };
    const { id } = await dashboard.send("POST", "/v1/sessions", span);
    const account = await dashboard.send("POST", "/v1/accounts", {}, id);
    const place = (order: object) =>
      dashboard.send("POST", `/v1/trading/accounts/${account.id}/orders`, { symbol: "AAPL", ...order }, id);
    const advance = (duration: number) => dashboard.send("POST", `/v1/sessions/${id}/time/advance`, { duration });
    await advance(15);
    await place({ side: "buy", qty: 200, type: "market" });
    await advance(25);
    await place({ side: "sell", qty: 80, type: "market" });
    await place({ symbol: "MSFT", side: "buy", qty: 50, type: "market" });
    await advance(30);
    await place({ side: "sell", qty: 120, type: "limit", limit_price: 130.6, time_in_force: "gtc" });
    await place({ side: "buy", qty: 100, type: "limit", limit_price: 129.2 });
    await advance(20);
    for (const theme of ["light", "dark"] as const) {
      const page = await dashboard.open(`/s/${id}`, { width: 1440, theme });
      await page.locator(".canvas canvas").first().waitFor();
      await page.getByRole("button", { name: /^Orders 2/ }).click();
      await page.getByRole("navigation", { name: "Watchlist" }).waitFor();
      await page.waitForTimeout(1000);
      await page.screenshot({ path: join(FOLDER ?? "", `workspace-${theme}.png`) });
    }
    expect(dashboard.complaints).toEqual([]);
    await dashboard.close();
  },
);
