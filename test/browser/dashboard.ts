/** A server with sessions in it, and a browser that looks at it; everything that the page complains of is kept. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
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
  readonly complaints: string[];
  /** A key of the server's owner, made on the command line. */
  readonly newKey: () => Promise<{ readonly id: string; readonly secret: string }>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** `args` are further ones of `tapedeck serve`. */
export async function openDashboard(args: readonly string[] = []): Promise<Dashboard> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-browser-"));
  const server: ServerProcess = await startServer({ dataDir, args });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] });
  const complaints: string[] = [];
  const url = server.url.replace("0.0.0.0", "127.0.0.1");
  return {
    url,
    complaints,
    newKey: () => newKey(dataDir),
    open: async (path, { width, theme } = { width: 1440, theme: "light" }) => {
      const context = await browser.newContext({
        viewport: { width, height: width === 390 ? 844 : 900 },
        colorScheme: theme,
        reducedMotion: "reduce",
        permissions: ["clipboard-write"],
      });
      const page = await context.newPage();
      listen(page, url, complaints);
      await page.goto(url + path);
      return page;
    },
    send: async (method, path, body, session) => {
      const answer = await fetch(url + path, {
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

async function newKey(dataDir: string): Promise<{ readonly id: string; readonly secret: string }> {
  const bin = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));
  const args = [bin, "keys", "create", "--name", "reader", "--data-dir", dataDir, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { readonly id: string; readonly secret: string };
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
