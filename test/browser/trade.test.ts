/** Orders by hand: the ticket, its refusals, the blotter and the drawer; and where a session's past leads. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axe, CHROMIUM, LOOKS, openDashboard, overflow, type Dashboard } from "./dashboard.ts";

let dashboard: Dashboard;

const TIMES = { startTime: "2023-01-03T09:30:00-05:00", endTime: "2023-02-28T16:00:00-05:00" };

async function session(name: string): Promise<string> {
  const { id } = await dashboard.send("POST", "/v1/sessions", { ...TIMES, name });
  await dashboard.send("POST", "/v1/accounts", {}, id);
  await dashboard.send("POST", `/v1/sessions/${id}/time/advance`, { duration: 30 });
  return id;
}

async function openDesk(id: string): Promise<Page> {
  const page = await dashboard.open(`/s/${id}`);
  await page.locator(".canvas canvas").first().waitFor();
  await expect.poll(() => page.locator(".money").innerText()).toContain("100,000.00");
  return page;
}

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

describe.skipIf(CHROMIUM === undefined)("trading by hand (no Chromium was found)", () => {
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(() => dashboard.close());

  it("by mouse: an order is reviewed, sent, filled, looked into and closed", async () => {
    const page = await openDesk(await session("by mouse"));
    await button(page, /^▲ Buy/).click();
    await page.getByLabel("Symbol", { exact: true }).last().fill("AAPL");
    await page.getByLabel("Quantity").fill("10");
    await button(page, /Review buy/).click();
    const review = page.getByRole("status", { name: "Review" });
    await review.waitFor();
    expect(await review.innerText()).toMatch(/Buy 10 AAPL, market, day/);
    expect(await review.innerText()).toContain("200,000.00 →");
    await button(page, /Send buy order/).click();
    await page.getByText("Buy order of AAPL sent").waitFor();
    await button(page, "Next fill").click();
    await page.getByRole("button", { name: /Positions 1/ }).waitFor();
    await button(page, /Fills 1/).click();
    await page.getByRole("button", { name: "▲ buy 10 AAPL" }).click();
    const drawer = page.getByRole("dialog", { name: "Order" });
    await drawer.getByRole("heading", { name: "Fills" }).waitFor();
    expect(await drawer.innerText()).toContain("Reference");
    await page.keyboard.press("Escape");
    await button(page, /Positions 1/).click();
    await button(page, "Close AAPL").click();
    await page.getByRole("dialog", { name: "Close AAPL" }).waitFor();
    await button(page, "Close position").click();
    await page.getByText("Order to close AAPL sent").waitFor();
  });

  it("by keyboard alone: a bracket is refused under its field, mended, sent, and canceled", async () => {
    const page = await openDesk(await session("by keyboard"));
    await page.keyboard.press("b");
    await page.getByRole("dialog", { name: "Order ticket" }).waitFor();
    await page.keyboard.type("10");
    await page.getByLabel("Type", { exact: true }).focus();
    await page.keyboard.type("Limit");
    await page.getByLabel("Limit price").focus();
    await page.keyboard.type("100");
    await page.getByLabel("Class").focus();
    await page.keyboard.type("Bracket");
    await page.getByLabel("Take profit at").focus();
    await page.keyboard.type("90");
    await page.getByLabel("Stop loss at").focus();
    await page.keyboard.type("80");
    await page.keyboard.press("Control+Enter");
    const problem = page.locator("#ticket-target-wrong");
    await problem.waitFor();
    expect(await problem.innerText()).toMatch(/take_profit.*\(\d{8}\)/);
    await page.getByLabel("Take profit at").fill("120");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("status", { name: "Review" }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Buy order of AAPL sent").waitFor();
    await page.getByRole("button", { name: /Orders 3/ }).focus();
    await page.keyboard.press("Enter");
    expect(await page.getByText("held").count()).toBeGreaterThan(0);
    await page.keyboard.press("Shift+X");
    await page.getByRole("dialog", { name: "Cancel all orders" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /Orders 0/ }).waitFor();
    await page.getByText("canceled").first().waitFor();
  });

  it("a symbol of the watchlist comes to the chart, and its price follows the clock", async () => {
    const id = await session("watched");
    const page = await openDesk(id);
    const list = page.getByRole("navigation", { name: "Watchlist" });
    const spy = list.getByRole("button", { name: /^SPY/ });
    const before = await spy.innerText();
    expect(before).toMatch(/SPY\s+\d{3}\.\d\d\s+[+−]\d+\.\d\d %/);
    await spy.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: /^Candles of SPY/ }).waitFor();
    expect(await spy.getAttribute("aria-pressed")).toBe("true");
    await dashboard.send("POST", `/v1/sessions/${id}/time/advance`, { duration: 200 });
    await expect.poll(() => spy.innerText()).not.toBe(before);
    await page.keyboard.press("b");
    expect(await page.getByLabel("Symbol", { exact: true }).last().inputValue()).toBe("SPY");
  });

  it("a session is forked at a moment, and taken back", async () => {
    const id = await session("with a past");
    const page = await openDesk(id);
    await page.keyboard.press("y");
    await page.getByLabel("Time in New York").fill("10:30");
    await page.getByText("That has not been").waitFor();
    await page.getByLabel("Time in New York").fill("09:45");
    await button(page, "Fork there").click();
    await page.waitForURL((url) => url.pathname.startsWith("/s/") && !url.pathname.endsWith(id));
    await page.getByRole("heading", { level: 1, name: "with a past from 09:45" }).waitFor();
    await expect.poll(() => page.locator(".clock time").innerText()).toContain("09:45:00");
    await page.goto(`${dashboard.url}/s/${id}`);
    await button(page, "Fork or rewind").click();
    await page.getByLabel("Time in New York").fill("09:50");
    await page.getByText("What came after is kept as a fork").click();
    await button(page, "Rewind to there").click();
    await expect.poll(() => page.locator(".clock time").innerText()).toContain("09:50:00");
    expect(await dashboard.send("GET", `/v1/sessions/${id}/tree`)).toHaveLength(3);
    // The page begins anew once, not for ever.
    await page.locator(".canvas canvas").first().waitFor();
    await page.evaluate("window.isSame = true");
    await page.waitForTimeout(500);
    expect(await page.evaluate("window.isSame")).toBe(true);
    await page.goto(`${dashboard.url}/`);
    await page.getByRole("row", { name: /fork: with a past from 09:45/ }).waitFor();
    if (process.env["SCREENSHOTS"] !== undefined)
      await page.screenshot({ path: `${process.env["SCREENSHOTS"]}/forks.png` });
  });

  it.each(LOOKS)("the ticket and the drawer are accessible and fit: $width px, $theme", async (look) => {
    const id = await session(`look ${look.width} ${look.theme}`);
    const page = await dashboard.open(`/s/${id}`, look);
    await page.getByRole("button", { name: /^▼ Sell/ }).click();
    await page.getByLabel("Quantity").fill("5");
    await page.getByLabel("Class").selectOption("bracket");
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("Class").selectOption("simple");
    await button(page, /Review sell/).click();
    await page.getByRole("status", { name: "Review" }).waitFor();
    expect([await axe(page), await overflow(page)]).toEqual([[], 0]);
    if (process.env["SCREENSHOTS"] !== undefined)
      await page.screenshot({ path: `${process.env["SCREENSHOTS"]}/ticket-${look.width}-${look.theme}.png` });
    await button(page, /Send sell order/).click();
    await button(page, /Orders 1/).click();
    await page.getByRole("button", { name: /▼ sell AAPL/ }).click();
    await page.getByRole("heading", { name: "History" }).waitFor();
    expect([await axe(page), await overflow(page)]).toEqual([[], 0]);
    if (process.env["SCREENSHOTS"] !== undefined)
      await page.screenshot({ path: `${process.env["SCREENSHOTS"]}/drawer-${look.width}-${look.theme}.png` });
    await page.keyboard.press("Escape");
    await page.keyboard.press("y");
    await page.getByRole("dialog", { name: "Back in time" }).waitFor();
    expect([await axe(page), await overflow(page)]).toEqual([[], 0]);
    if (process.env["SCREENSHOTS"] !== undefined)
      await page.screenshot({ path: `${process.env["SCREENSHOTS"]}/past-${look.width}-${look.theme}.png` });
    await page.keyboard.press("Escape");
    if (process.env["SCREENSHOTS"] !== undefined)
      await page.screenshot({ path: `${process.env["SCREENSHOTS"]}/desk-${look.width}-${look.theme}.png` });
  });

  it("nothing of it has complained, or left the server", () => {
    expect(dashboard.complaints.filter((words) => !words.includes("422"))).toEqual([]);
  });
});
