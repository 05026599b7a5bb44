/** The table of docs/reference/compatibility.md: a section for each SDK, written by the runs that proved it. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const PAGE = fileURLToPath(new URL("../../docs/reference/compatibility.md", import.meta.url));

/** What became of one method of an SDK. */
export interface CompatRow {
  readonly method: string;
  /** "works", or how it is refused: "422 options are not simulated". */
  readonly success: string;
  /** What a wrong call of it is told; undefined where none can be wrong. */
  readonly failure: string | undefined;
}

/** Compares a section of the page with a run; with UPDATE_COMPATIBILITY=1 it is written instead. */
export function expectSection(sdk: string, rows: readonly CompatRow[]): void {
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = [`<!-- begin ${sdk} -->`, `<!-- end ${sdk} -->`];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(to, `the page has a section for ${sdk}`).toBeGreaterThan(from);
  const made = `\n\n${tableOf(rows)}\n\n`;
  if (process.env["UPDATE_COMPATIBILITY"] === "1") {
    writeFileSync(PAGE, page.slice(0, from) + made + page.slice(to));
    return;
  }
  const words = (text: string): string[] => text.split("\n").map((line) => line.replaceAll(/ {2,}|-{3,}/g, " ").trim());
  expect(words(page.slice(from, to)), "renew it with UPDATE_COMPATIBILITY=1").toEqual(words(made));
}

function tableOf(rows: readonly CompatRow[]): string {
  const lines = rows.map(({ method, success, failure }) => `| \`${method}\` | ${success} | ${failure ?? ""} |`);
  return ["| method | a right call | a wrong call |", "| --- | --- | --- |", ...lines].join("\n");
}

/** What a call came to: "works", or the status and the server's words. */
export async function outcomeOf(call: () => unknown): Promise<string> {
  try {
    const made = call();
    if (isAsyncIterable(made)) await drain(made);
    else await made;
    return "works";
  } catch (error) {
    return statusOf(error);
  }
}

/** As the SDKs' errors tell it. */
function statusOf(error: unknown): string {
  const known = error as {
    readonly response?: { readonly status?: number; readonly data?: { readonly message?: string } };
    readonly status?: number;
    readonly statusCode?: number;
    readonly message?: string;
  };
  const status = known.response?.status ?? known.status ?? known.statusCode ?? /code: (\d{3})/.exec(String(error))?.[1];
  const words = `${String(error)} ${JSON.stringify(known.response?.data ?? {})} ${JSON.stringify(known)}`;
  const isRefused = status === 422 && /not simulated|not served/.test(words);
  if (status === undefined) throw error;
  return isRefused ? `${status}, not simulated` : String(status);
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;
