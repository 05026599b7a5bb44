/** The same request in other words: for a shell, for the command line, for a program. */
import type { NewSession } from "../api/types.ts";

export type Language = "curl" | "cli" | "python" | "typescript";

export interface SameRequest {
  readonly body: NewSession;
  readonly origin: string;
  /** The development key, where it is the one in use; other secrets are never written out. */
  readonly key: { readonly id: string; readonly secret: string } | undefined;
  readonly opensAccount: boolean;
}

const WRITERS: Readonly<Record<Language, (request: SameRequest) => string>> = {
  curl: curlOf,
  cli: cliOf,
  python: pythonOf,
  typescript: typescriptOf,
};

export const textOf = (language: Language, request: SameRequest): string => WRITERS[language](request);

/** In single quotes, as a shell takes it. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function curlOf({ body, origin, key, opensAccount }: SameRequest): string {
  const user = key === undefined ? '"$TAPEDECK_KEY_ID:$TAPEDECK_SECRET_KEY"' : quoted(`${key.id}:${key.secret}`);
  const create = `curl -s -u ${user} ${origin}/v1/sessions \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(JSON.stringify(body, undefined, 2))}`;
  if (!opensAccount) return create;
  return `SESSION=$(${create} | jq -r .id)\ncurl -s -u ${user} -H "X-Session-Id: $SESSION" \\\n  ${origin}/v1/accounts -d '{}'`;
}

function cliOf({ body, origin }: SameRequest): string {
  const { startTime, endTime, name, initialCash, config = {} } = body;
  const { profile, ...options } = config;
  const flags: readonly (readonly string[])[] = [
    ["--start", startTime],
    ["--end", endTime],
    ...(name === undefined || name === null ? [] : [["--name", name]]),
    ...(initialCash === undefined || initialCash === null ? [] : [["--cash", String(initialCash)]]),
    ...(typeof profile === "string" ? [["--profile", profile]] : []),
    ...Object.entries(options).map(([option, value]) => [
      "--option",
      `${option}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ]),
    ...(origin === "http://127.0.0.1:5000" || origin === "http://localhost:5000" ? [] : [["--url", origin]]),
  ];
  return `tapedeck session create \\\n${flags.map(([flag, value = ""]) => `  ${flag} ${quoted(value)}`).join(" \\\n")}`;
}

const NAMES = { id: "TAPEDECK_KEY_ID", secret: "TAPEDECK_SECRET_KEY" } as const;

function pythonOf({ body, origin, key, opensAccount }: SameRequest): string {
  const auth =
    key === undefined ? `(os.environ["${NAMES.id}"], os.environ["${NAMES.secret}"])` : `("${key.id}", "${key.secret}")`;
  return [
    ...(key === undefined ? ["import os"] : []),
    "import requests",
    "",
    "api = requests.Session()",
    `api.auth = ${auth}`,
    `session = api.post("${origin}/v1/sessions", json=${JSON.stringify(body, undefined, 4)}).json()`,
    ...(opensAccount
      ? [
          `account = api.post("${origin}/v1/accounts", json={},`,
          '                   headers={"X-Session-Id": session["id"]}).json()',
          `# alpaca-py: TradingClient(..., url_override=f"${origin}/sim/{account['id']}")`,
        ]
      : []),
  ].join("\n");
}

function typescriptOf({ body, origin, key, opensAccount }: SameRequest): string {
  const [id, secret] =
    key === undefined
      ? [`process.env.${NAMES.id}!`, `process.env.${NAMES.secret}!`]
      : [`"${key.id}"`, `"${key.secret}"`];
  const call = (path: string, json: string, headers: string): string =>
    `await fetch("${origin}${path}", {\n  method: "POST",\n  headers: ${headers},\n  body: JSON.stringify(${json}),\n}).then((answer) => answer.json())`;
  return [
    "const headers = {",
    '  "Content-Type": "application/json",',
    `  "APCA-API-KEY-ID": ${id},`,
    `  "APCA-API-SECRET-KEY": ${secret},`,
    "};",
    `const session = ${call("/v1/sessions", JSON.stringify(body, undefined, 2).replaceAll("\n", "\n  "), "headers")};`,
    ...(opensAccount
      ? [`const account = ${call("/v1/accounts", "{}", '{ ...headers, "X-Session-Id": session.id }')};`]
      : []),
  ].join("\n");
}
