/** A server with sessions in it, and a browser that looks at it; everything that the page complains of is kept. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "playwright-core";
import { startServer, type ServerProcess } from "../support/server-process.ts";

/** Where systems keep it; CHROMIUM names another place. */
const PLACES = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Undefined where there is none; the tests are skipped then. */
export const CHROMIUM = PLACES.find((path) => path !== "" && existsSync(path));

const KEY = `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}`;

export interface Look {
  readonly width: 1440 | 390;
  readonly theme: "light" | "dark";
}

export const LOOKS: readonly Look[] = ([1440, 390] as const).flatMap((width) =>
  (["light", "dark"] as const).map((theme) => ({ width, theme })),
);

export interface Dashboard {
  readonly url: string;
  /** A fresh page, as a new reader sees it. */
  readonly open: (path: string, look?: Look) => Promise<Page>;
  /** A request beside the page, as a bot would make it. */
  readonly send: (method: string, path: string, body?: object, session?: string) => Promise<Answer>;
  /** What pages have complained of, and requests that left the server. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly id: string;
  readonly [field: string]: unknown;
}

export async function openDashboard(): Promise<Dashboard> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-browser-"));
  const server: ServerProcess = await startServer({ dataDir });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] });
  const complaints: string[] = [];
  return {
    url: server.url,
    complaints,
    open: async (path, { width, theme } = { width: 1440, theme: "light" }) => {
      const context = await browser.newContext({
        viewport: { width, height: width === 390 ? 844 : 900 },
        colorScheme: theme,
        reducedMotion: "reduce",
        permissions: ["clipboard-write"],
      });
      const page = await context.newPage();
      listen(page, server.url, complaints);
      await page.goto(server.url + path);
      return page;
    },
    send: async (method, path, body, session) => {
      const answer = await fetch(server.url + path, {
        method,
        headers: {
          authorization: KEY,
          ...(session === undefined ? {} : { "x-session-id": session }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (answer.status === 204 ? {} : await answer.json()) as Answer;
    },
    close: async () => {
      await browser.close();
      await server.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function listen(page: Page, url: string, complaints: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) complaints.push(`${page.url()}: left for ${request.url()}`);
  });
}

/** What axe finds wrong, one line each. */
export async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${String(target)} ${failureSummary}`),
  );
}

/** Pixels that the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
