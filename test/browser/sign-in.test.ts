/** Signing in, where the server is reached by others too and the development key is not good. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axe, CHROMIUM, openDashboard, type Dashboard } from "./dashboard.ts";

let dashboard: Dashboard;

describe.skipIf(CHROMIUM === undefined)("signing in (no Chromium was found)", () => {
  beforeAll(async () => {
    dashboard = await openDashboard(["--host", "0.0.0.0"]);
  });
  afterAll(() => dashboard.close());

  it("takes a key of the server, says why it does not take another, and keeps it for the tab alone", async () => {
    const { id, secret } = await dashboard.newKey();
    const page = await dashboard.open("/");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("Key id").fill(id);
    await page.getByLabel("Secret").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page
      .getByRole("alert")
      .getByText(/unknown key or wrong secret/)
      .waitFor();
    await page.getByLabel("Secret").fill(secret);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("No sessions yet").waitFor();
    expect(await page.evaluate("localStorage.getItem('tapedeck.key')")).toBeNull();
    await page.reload();
    await page.getByText("No sessions yet").waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.evaluate("sessionStorage.getItem('tapedeck.key')")).toBeNull();
    expect(dashboard.complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });
});
