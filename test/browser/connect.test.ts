/** Connecting a bot, its keys and its requests; taking data in and looking at it: by mouse and by keyboard, in every look. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axe, CHROMIUM, LOOKS, openDashboard, overflow, type Dashboard, type Look } from "./dashboard.ts";

let dashboard: Dashboard;

const named = ({ width, theme }: Look): string => `${width} px, ${theme}`;
const TIMES = { startTime: "2023-01-03T09:30:00-05:00", endTime: "2023-02-28T16:00:00-05:00" };
const HEADER = "timestamp,open,high,low,close,volume\n";

const minutes = (date: string, count: number): string =>
  Array.from({ length: count }, (_, minute) => {
    const time = new Date(Date.parse(`${date}T13:30:00Z`) + minute * 60_000).toISOString();
    return `${time},10,11,9,10.5,100\n`;
  }).join("");

async function sessionWithAccount(name: string): Promise<{ readonly session: string; readonly account: string }> {
  const { id } = await dashboard.send("POST", "/v1/sessions", { ...TIMES, name });
  const account = await dashboard.send("POST", "/v1/accounts", {}, id);
  return { session: id, account: account.id };
}

const drop = (page: Page, name: string, content: string): Promise<void> =>
  page.getByLabel("Files of bars").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });

describe.skipIf(CHROMIUM === undefined)("connecting and data (no Chromium was found)", () => {
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(() => dashboard.close());

  it("an empty server offers the way to a session, and to an account of it", async () => {
    const page = await dashboard.open("/connect");
    await page.getByText("There is none yet").waitFor();
    await dashboard.send("POST", "/v1/sessions", { ...TIMES, name: "without account" });
    await page.reload();
    await page.getByRole("button", { name: "Open an account" }).click();
    await expect.poll(() => page.locator(".snippets pre").innerText()).toContain("/sim/");
  });

  it("a key is made, shown once, stands in the snippets, is seen to arrive, and is revoked", async () => {
    const { session, account } = await sessionWithAccount("to connect");
    const page = await dashboard.open(`/connect?session=${session}`);
    const snippet = page.locator(".snippets pre");
    await expect.poll(() => snippet.innerText()).toContain(`${dashboard.url}/sim/${account}`);
    expect(await snippet.innerText()).toContain('"test-api-key"');
    await page.getByText("Waiting for the first request").waitFor();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Label").fill("my bot");
    await page.getByLabel("trade and move the clock").check();
    await page.getByRole("button", { name: "Make the key" }).click();
    const shown = await page.getByRole("region", { name: "Key and secret" }).innerText();
    const [, id = "", secret = ""] = /KEY_ID=(\w+)\s+\w+=(\w+)/.exec(shown) ?? [];
    await page.getByRole("button", { name: "I have kept it" }).click();
    await expect.poll(() => snippet.innerText()).toContain(secret);
    await page.getByLabel("curl", { exact: true }).check();
    expect(await snippet.innerText()).toContain(`curl -s -u ${id}:${secret}`);
    await page.getByRole("group", { name: "Snippet" }).getByRole("button", { name: "Copy" }).click();
    await page.getByText("Copied").waitFor();

    const headers = { "apca-api-key-id": id, "apca-api-secret-key": secret, "user-agent": "my-bot/1.0" };
    await fetch(`${dashboard.url}/v2/account`, { headers });
    await page.getByText("Connected", { exact: true }).waitFor();
    const log = page.getByRole("region", { name: "Newest requests" }).getByRole("row", { name: /my-bot\/1\.0/ });
    expect(await log.innerText()).toMatch(/GET\s+\/v2\/account\s+200/);

    await page.getByRole("button", { name: "Revoke my bot" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("my bot is revoked").waitFor();
    expect((await fetch(`${dashboard.url}/v2/account`, { headers })).status).toBe(401);
    await expect.poll(() => snippet.innerText()).not.toContain(secret);
    await page.getByRole("region", { name: "Newest requests" }).getByText("✕ 401").waitFor();
  });

  it("what arrives and is refused is not green", async () => {
    const { session, account } = await sessionWithAccount("refused");
    const page = await dashboard.open(`/connect?session=${session}`);
    await page.getByText("Waiting for the first request").waitFor();
    await dashboard.send("GET", `/sim/${account}/v2/nothing`);
    await page.getByText("It arrives, but is refused").waitFor();
    await page.getByLabel("This account only").check();
    expect(await page.getByRole("region", { name: "Newest requests" }).getByRole("row").count()).toBe(2);
  });

  it("a file is dropped, its columns are named, and it is imported with a report", async () => {
    const page = await dashboard.open("/data");
    await drop(
      page,
      "export of mine.csv",
      `when,o,h,l,c,vol\n2023-06-05 09:30,10,11,9,10,5\n2023-06-05 09:31,10,9,11,10,5\n2023-06-05 09:32,10,11,9,10,5\n`,
    );
    const card = page.getByRole("article", { name: "export of mine.csv" });
    await card.getByText("Say above what each column holds.").waitFor();
    expect(await card.getByRole("button", { name: "Import" }).isDisabled()).toBe(true);
    await card.getByLabel("Column when").selectOption("timestamp");
    await card.getByLabel("Column vol").selectOption("volume");
    await card.getByText(/symbol is needed/).waitFor();
    await card.getByLabel("Symbol").fill("MINE");
    await card.getByText(/would be refused/).waitFor();
    await card.getByLabel("Time zone").selectOption("America/New_York");
    await card.getByRole("cell", { name: "Mon 05 Jun 23 09:30" }).waitFor();
    await card.getByLabel("Bars").selectOption("1Min");
    await card.getByRole("button", { name: "Import" }).click();
    await card.getByText("2 bars added").waitFor();
    await card.getByText(/1 refused row/).click();
    await card.getByRole("cell", { name: "high_below_low" }).waitFor();
    await page.getByRole("rowheader", { name: /MINE/ }).waitFor();
    await card.getByRole("button", { name: "Dismiss" }).click();
    await card.waitFor({ state: "detached" });
  });

  it("several files are dropped at once, and one that the server does not take says why", async () => {
    const page = await dashboard.open("/data");
    const files = `[new File(["${HEADER.trim()}"], "ONE.csv"), new File(["x"], ".hidden")]`;
    const transfer = await page.evaluateHandle(
      `(() => { const t = new DataTransfer(); for (const f of ${files}) t.items.add(f); return t; })()`,
    );
    await page.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByText(/name must be a plain file name/).waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByText(/name must be a plain file name/).waitFor({ state: "detached" });
    const card = page.getByRole("article", { name: "ONE.csv" });
    await card.getByRole("button", { name: "Import" }).waitFor();
    expect(await card.getByRole("button", { name: "Import" }).isDisabled()).toBe(true);
    await card.getByRole("button", { name: "Remove" }).click();
    await card.waitFor({ state: "detached" });
    expect(dashboard.complaints.filter((each) => each.includes("400"))).toHaveLength(1);
    dashboard.complaints.length = 0;
  });

  it("a symbol shows its years, and is removed by whoever types its name, with the keyboard alone", async () => {
    const page = await dashboard.open("/data");
    const bars = HEADER + minutes("2023-06-05", 390) + minutes("2023-06-07", 390) + minutes("2023-06-08", 20);
    await drop(page, "GAP.csv", bars);
    await page.getByRole("article", { name: "GAP.csv" }).getByRole("button", { name: "Import" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("rowheader", { name: /GAP/ }).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "GAP" }).waitFor();
    const strip = "2023: 3 of 4 days; missing 2023-06-06; partial 2023-06-08";
    await page.getByRole("img", { name: strip }).waitFor();
    await page.getByRole("button", { name: "Remove…" }).focus();
    await page.keyboard.press("Enter");
    const sure = page.getByRole("dialog").getByRole("button", { name: "Remove" });
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").focus();
    await page.keyboard.type("gap");
    await page.keyboard.press("Enter");
    await page.getByText("GAP is removed").waitFor();
    await page.waitForURL("**/data");
    await page.getByRole("rowheader", { name: /MINE/ }).waitFor();
    expect(await page.getByRole("rowheader", { name: /GAP/ }).count()).toBe(0);
  });

  it("all of it is reached by keys, and settings stay", async () => {
    const page = await dashboard.open("/");
    await page.keyboard.press("g");
    await page.keyboard.press("k");
    await page.getByRole("heading", { level: 1, name: "Connect" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await page.getByRole("heading", { level: 1, name: "Data" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("tesla");
    await expect.poll(() => page.getByRole("rowheader").count()).toBe(1);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("connect");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Connect" }).waitFor();
    await page.locator("main").focus();
    await page.keyboard.press(",");
    await page.getByLabel("Reduced").check();
    await page.keyboard.press("Escape");
    await page.reload();
    await expect.poll(() => page.evaluate("document.documentElement.dataset.motion")).toBe("reduced");
  });

  it.each(LOOKS.map((look) => [named(look), look] as const))(
    "every screen is accessible and fits: %s",
    async (_, look) => {
      const { session } = await sessionWithAccount("looked at");
      const found: unknown[] = [];
      const check = async (page: Page, what: string): Promise<void> => {
        found.push(...(await axe(page)).map((wrong) => `${what} ${wrong}`));
        if ((await overflow(page)) > 0) found.push(`${what} is wider than its window`);
      };
      for (const [path, text] of [
        [`/connect?session=${session}`, "With the development key"],
        ["/data", "Apple Inc."],
        ["/data/MINE", "1 day"],
        ["/data/NOPE", "NOPE"],
      ] as const) {
        const page = await dashboard.open(path, look);
        await page.locator("main").getByText(text).first().waitFor();
        if (path === "/data") {
          await drop(page, "LOOK.csv", HEADER + minutes("2023-06-05", 5));
          await page.getByRole("article", { name: "LOOK.csv" }).getByRole("cell").first().waitFor();
        }
        await check(page, path);
        if (path === "/data")
          await page.getByRole("article", { name: "LOOK.csv" }).getByRole("button", { name: "Remove" }).click();
        if (path.startsWith("/connect")) {
          await page.getByRole("button", { name: "New key" }).click();
          await check(page, "the dialog of keys");
        }
        await page.context().close();
      }
      expect(found).toEqual([]);
    },
  );

  it("nothing was complained of but a symbol that is not there, and nothing left the server", () => {
    expect(dashboard.complaints.filter((each) => !each.includes("/data/NOPE"))).toEqual([]);
  });
});
