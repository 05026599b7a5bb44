/** The repository as the tidy test reads it: its files, their code without comments and texts, their imports. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOT_OURS = new Set(["node_modules", "dist", "coverage", ".git", "tapedeck-data"]);

export interface Import {
  /** As written: "../kernel/index.ts", "node:fs", "fastify". */
  readonly specifier: string;
  /** Path from the root for a relative import, else the specifier. */
  readonly target: string;
  /** Names taken; empty for `import * as`, a bare import or an export of everything. */
  readonly names: readonly string[];
}

export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
export const exists = (path: string): boolean => existsSync(join(ROOT, path));

/** Paths from the root, in order, of every file below a folder of ours; "" is the root. */
export function filesBelow(folder: string, pattern: RegExp): readonly string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, pattern);
      return pattern.test(path) ? [path] : [];
    })
    .toSorted();
}

/** Names of the folders directly in a folder. */
export function foldersIn(folder: string): readonly string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** A comment, a text, a regular expression, or anything else, one token at a time. */
const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};]\s*|return\s+)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*|[\s\S]/g;

/** Source without comments, and with the insides of texts and regular expressions emptied; what `${}` embeds stays. */
export function codeOf(source: string): string {
  return source.replace(TOKEN, (token) => {
    if (token.length === 1) return token;
    if (token.startsWith("/*") || token.startsWith("//")) return " ";
    if (token.startsWith("`"))
      return [...token.matchAll(/\$\{([^}]*)\}/g)].map((match) => ` ${match[1] ?? ""} `).join(";");
    return '""';
  });
}

const IMPORT = /^(?:(?:import|export)\s+(?:type\s+)?([^"';=()]*?)\s*from|import)\s*["']([^"']+)["']/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*["']([^"']+)["']/g;

/** What a file imports or re-exports, dynamic imports included. */
export function importsOf(path: string): readonly Import[] {
  const source = read(path);
  const resolve = (specifier: string): string =>
    specifier.startsWith(".") ? posix.join(dirname(path), specifier) : specifier;
  const fixed = [...source.matchAll(IMPORT)].map(([, clause = "", specifier = ""]) => ({
    specifier,
    target: resolve(specifier),
    names: namesIn(clause),
  }));
  const dynamic = [...source.matchAll(DYNAMIC_IMPORT)].map(([, specifier = ""]) => ({
    specifier,
    target: resolve(specifier),
    names: [],
  }));
  return [...fixed, ...dynamic];
}

function namesIn(clause: string): readonly string[] {
  const list = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  return list
    .split(",")
    .map(
      (item) =>
        item
          .trim()
          .replace(/^type\s+/, "")
          .split(/\s+as\s+/)[0] ?? "",
    )
    .filter((name) => name !== "");
}

/** Links of a Markdown page to files of the repository: target path and anchor. Code blocks are skipped. */
export function linksOf(path: string): readonly { readonly target: string; readonly anchor: string | undefined }[] {
  const text = read(path).replaceAll(/^```[\s\S]*?^```/gm, "");
  return [...text.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].flatMap(([, href = ""]) => {
    if (/^[a-z]+:/.test(href)) return [];
    const [file = "", anchor] = href.split("#");
    return [{ target: file === "" ? path : posix.join(dirname(path), file), anchor }];
  });
}

/** The anchors that a Markdown page offers, as GitHub makes them from headings. */
export function anchorsOf(path: string): readonly string[] {
  return [...read(path).matchAll(/^#+\s+(.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

/** Rows of the tables of a Markdown page, as trimmed cells; heads and rules left out. */
export function tableRowsOf(path: string): readonly (readonly string[])[] {
  const lines = read(path).split("\n");
  return lines
    .filter(
      (line, index) =>
        line.startsWith("|") && !/^\|[\s|:-]+$/.test(line) && !/^\|[\s|:-]+$/.test(lines[index + 1] ?? ""),
    )
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
