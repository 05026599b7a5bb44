/** What a reader does with the dashboard, by mouse and by keyboard alone, at both widths and in both themes. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axe, CHROMIUM, LOOKS, openDashboard, overflow, type Dashboard, type Look } from "./dashboard.ts";

let dashboard: Dashboard;

const named = ({ width, theme }: Look): string => `${width} px, ${theme}`;
const TIMES = { startTime: "2023-01-03T09:30:00-05:00", endTime: "2023-02-28T16:00:00-05:00" };

async function sessionWithFills(name: string): Promise<string> {
  const { id } = await dashboard.send("POST", "/v1/sessions", { ...TIMES, name });
  const account = await dashboard.send("POST", "/v1/accounts", {}, id);
  const orders = `/v1/trading/accounts/${account.id}/orders`;
  await dashboard.send(
    "POST",
    orders,
    { symbol: "AAPL", qty: 10, side: "buy", type: "market", time_in_force: "day" },
    id,
  );
  await dashboard.send("POST", `/v1/sessions/${id}/time/advance`, { targetTime: "2023-01-05T11:00:00-05:00" });
  await dashboard.send(
    "POST",
    orders,
    { symbol: "AAPL", qty: 5, side: "sell", type: "limit", limit_price: 250, time_in_force: "gtc" },
    id,
  );
  return id;
}

const clockOf = (page: Page): Promise<string> => page.locator(".clock time").innerText();

describe.skipIf(CHROMIUM === undefined)("the dashboard (no Chromium was found)", () => {
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(() => dashboard.close());

  it("a new reader makes a demo session with one click, and plays to the next close", async () => {
    const page = await dashboard.open("/");
    await page.getByRole("button", { name: "Create a demo session" }).click();
    await page.getByRole("heading", { level: 1, name: "demo" }).waitFor();
    await expect.poll(() => clockOf(page)).toContain("09:30:00");
    await page.getByRole("button", { name: "Next close" }).click();
    await expect.poll(() => clockOf(page)).toContain("16:00:00");
    await page.getByText("after hours").waitFor();
  });

  it("the dialog makes the session that its text says", async () => {
    const page = await dashboard.open("/new");
    await page.getByLabel("Name", { exact: true }).fill("by hand");
    await page.getByLabel("Starting cash in dollars").fill("25000");
    await page.getByRole("button", { name: "A week" }).click();
    await page.getByLabel("Profile").selectOption("pessimist");
    const text = await page.locator("pre").innerText();
    expect(text).toContain('"name": "by hand"');
    expect(text).toContain('"profile": "pessimist"');
    await page.getByRole("button", { name: "Create paused" }).click();
    await page.getByRole("heading", { level: 1, name: "by hand" }).waitFor();
    await expect.poll(() => page.locator(".money").innerText()).toContain("25,000.00");
    const [made] = (await dashboard.send("GET", "/v1/sessions?limit=1")) as unknown as Record<string, unknown>[];
    expect(made).toMatchObject({ name: "by hand", initial_cash: 25_000, config: { profile: "pessimist" } });
  });

  it("a refusal of the server is shown at its field, in its words", async () => {
    const page = await dashboard.open("/new");
    await page.getByRole("button", { name: "A week" }).click();
    await page.getByText("Other assumptions").click();
    await page.getByLabel("Seed").fill("many");
    await page.getByRole("button", { name: "Create paused" }).click();
    await page
      .getByRole("alert")
      .getByText(/config\.seed must be a whole number .*\(40010000\)/)
      .waitFor();
    expect(await page.getByLabel("Seed").getAttribute("aria-invalid")).toBe("true");
    expect(dashboard.complaints.filter((each) => each.includes("400"))).toHaveLength(1);
    dashboard.complaints.length = 0;
  });

  it("deleting says what goes, and asks for the name where there were fills", async () => {
    await sessionWithFills("to be deleted");
    const page = await dashboard.open("/");
    await page.getByLabel("Search sessions by name or id").fill("to be");
    await page.locator("tr", { hasText: "to be deleted" }).getByText("1", { exact: true }).waitFor();
    await page.getByLabel("Select to be deleted").check();
    await page.getByRole("button", { name: "Delete…" }).click();
    const sure = page.getByRole("dialog").getByRole("button", { name: "Delete" });
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("to be deleted");
    await sure.click();
    await page.getByText("1 session deleted").waitFor();
    await page.getByText("No session is like that").waitFor();
  });

  it("all of the tape is moved by the keyboard alone", async () => {
    const id = await sessionWithFills("keys");
    const page = await dashboard.open("/");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Skip to the content");
    await page.keyboard.press("/");
    await page.keyboard.type("keys");
    await page.getByRole("link", { name: "keys", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/s/${id}`);
    await expect.poll(() => clockOf(page)).toContain("11:00:00");
    await page.keyboard.press(".");
    await expect.poll(() => clockOf(page)).toContain("11:01:00");
    await page.keyboard.press("c");
    await expect.poll(() => clockOf(page)).toContain("16:00:00");
    await page.keyboard.press("l");
    await expect.poll(() => page.locator(".rate").innerText()).toContain("10×");
    await page.getByLabel("60×").focus();
    await page.keyboard.press("k");
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    await page.getByRole("button", { name: "Pause", exact: true }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.keyboard.press("t");
    await page.getByLabel("Time in New York").fill("15:30");
    await page.getByText(/The clock is past that/).waitFor();
    await page.getByLabel("Date", { exact: true }).fill("2023-01-09");
    await page.keyboard.press("Enter");
    await expect.poll(() => clockOf(page)).toContain("15:30:00");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("sheet keyboard");
    await page.getByText("Nothing is called that.").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  });

  it("what happens elsewhere is seen here, without a step by the reader", async () => {
    const id = await sessionWithFills("followed");
    const page = await dashboard.open(`/s/${id}`);
    await expect.poll(() => clockOf(page)).toContain("11:00:00");
    await dashboard.send("POST", `/v1/sessions/${id}/time/advance`, { duration: 30 });
    await expect.poll(() => clockOf(page)).toContain("11:30:00");
    await page.getByRole("button", { name: /^Orders/ }).click();
    await page.getByRole("cell", { name: /^5 limit 250\.00/ }).waitFor();
    await page.getByRole("button", { name: "As a table" }).click();
    const newest = page.getByRole("region", { name: "The newest bars" }).getByRole("cell").first();
    await expect.poll(() => newest.innerText()).toContain("Thu 05 Jan 23 11:29");
  });

  it.each(LOOKS.map((look) => [named(look), look] as const))(
    "every screen is accessible and fits: %s",
    async (_, look) => {
      const id = await sessionWithFills("looked at");
      const found: unknown[] = [];
      for (const path of ["/", "/new", "/data", `/s/${id}`]) {
        const page = await dashboard.open(path, look);
        await page
          .locator(path.startsWith("/s/") ? ".canvas canvas" : "table")
          .first()
          .waitFor();
        found.push(...(await axe(page)).map((wrong) => `${path} ${wrong}`));
        if ((await overflow(page)) > 0) found.push(`${path} is wider than its window`);
        await page.context().close();
      }
      const page = await dashboard.open("/", look);
      for (const key of ["Control+k", ",", "?"]) {
        await page.keyboard.press(key);
        await page.getByRole("dialog").waitFor();
        found.push(...(await axe(page)).map((wrong) => `${key} ${wrong}`));
        await page.keyboard.press("Escape");
      }
      expect(found).toEqual([]);
    },
  );

  it("nothing was complained of, and nothing left the server", () => {
    expect(dashboard.complaints).toEqual([]);
  });
});
