/** What a test needs from outside: a program that runs, or the reason why it cannot. */

export type Tool = { readonly command: string } | { readonly missing: string };

/** The last line of what a program said when it failed. */
export function lastWords(error: unknown): string {
  const { stderr = "", stdout = "" } = error as { readonly stderr?: string; readonly stdout?: string };
  const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1);
  return said === undefined || said === "" ? String(error) : said;
}
