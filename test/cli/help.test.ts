/** Help, the page of the command line, and what wrong words are answered with. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { createProgram } from "../../src/cli/program.ts";
import { FORMAT_NAMES } from "../../src/market/import/bar-format.ts";
import { TIME_FORMATS } from "../../src/market/import/stamps.ts";
import { read, tableRowsOf } from "../support/repository.ts";
import { createPlace, type Place } from "./run-cli.ts";

const PAGE = "docs/reference/cli.md";

const LEAVES = [
  "serve",
  "data import",
  "data list",
  "data import-actions",
  "data import-assets",
  "data actions",
  "data show",
  "data verify",
  "data remove",
  "data export",
  "data download",
  "run",
  "backup",
  "restore",
  "rescue",
  "keys create",
  "keys list",
  "keys rotate",
  "keys revoke",
  "session create",
  "session list",
  "session show",
  "session advance",
  "session play",
  "session pause",
  "session speed",
  "session accept-data",
  "session replay",
  "session diff",
  "session verify",
  "session export",
  "session import",
  "session delete",
];

/** The help of one command as a wide terminal shows it. */
function helpOf(leaf: string): string {
  let help = "";
  const program = createProgram({
    env: {},
    version: "0.0.0",
    answer: () => {},
    write: (text) => {
      help += text;
    },
    writeError: () => {},
  });
  const path = leaf.split(" ");
  const command = path.reduce(
    (parent, name) => parent.commands.find((child) => child.name() === name) ?? parent,
    program,
  );
  command.outputHelp();
  return help.trimEnd();
}

/** The block below a command's heading on the page. */
function documentedHelp(leaf: string): string | undefined {
  return new RegExp(`^#+ tapedeck ${leaf}\\n\\n\`\`\`text\\n([\\s\\S]*?)\\n\`\`\`$`, "m").exec(read(PAGE))?.[1];
}

describe("the help of data import", () => {
  it("is completed by the guide, which has a row for every format", () => {
    const rows = tableRowsOf("docs/guide/import.md").flatMap(([name = ""]) => name.replaceAll("`", "").split(", "));
    expect(rows).toEqual(expect.arrayContaining([...FORMAT_NAMES]));
  });

  it("names every format of files, and every way of writing times", () => {
    const help = helpOf("data import").replaceAll(/\s+/g, " ");
    expect(help).toContain(FORMAT_NAMES.join(", "));
    expect(help).toContain(TIME_FORMATS.join(", "));
  });
});

let place: Place;
beforeAll(() => {
  place = createPlace();
});
afterAll(() => place.clear());

describe("tapedeck --help", () => {
  it("lists each command and each exit code", async () => {
    const { code, stdout, stderr } = await place.run(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const leaf of LEAVES) expect(stdout).toMatch(new RegExp(`^  ${leaf} .*\\w`, "m"));
    for (const { code: number, means } of Object.values(EXIT_CODES))
      expect(stdout).toContain(`  ${String(number).padEnd(4)} ${means}`);
  });

  it.each(LEAVES)("shows options and an example of %s, as the page does", (leaf) => {
    const help = helpOf(leaf);
    expect(help).toContain(`Usage: tapedeck ${leaf} [options]`);
    expect(help).toContain(`Examples:\n  $ tapedeck ${leaf}`);
    expect(documentedHelp(leaf)).toBe(help);
  });

  it("is printed for each noun with its verbs", async () => {
    const { code, stdout } = await place.run(["keys", "--help"]);
    expect(code).toBe(0);
    for (const verb of ["create", "list", "rotate", "revoke"]) expect(stdout).toMatch(new RegExp(`^  ${verb} `, "m"));
  });
});

describe("the page of the command line", () => {
  it("has no command that does not exist", () => {
    const headings = [...read(PAGE).matchAll(/^### tapedeck (.+)$/gm)].map(([, leaf]) => leaf);
    expect(headings).toEqual(LEAVES.filter((leaf) => leaf.includes(" ")));
  });

  it("lists every exit code, and no other", () => {
    const rows = tableRowsOf(PAGE).filter(([code = ""]) => /^\d+$/.test(code));
    expect(rows).toEqual(
      Object.entries(EXIT_CODES).map(([name, { code, means }]) => [String(code), `\`${name}\``, means]),
    );
  });
});

describe("tapedeck --version", () => {
  it("prints the version alone", async () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(await place.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("wrong words", () => {
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [[], "A command is missing"],
    [["data"], "A command is missing"],
    [["dta", "list"], "unknown command 'dta'\nSee: tapedeck --help"],
    [["data", "lst"], "unknown command 'lst'\n(Did you mean list?)\nSee: tapedeck data --help"],
    [["serve", "--prot", "1"], "unknown option '--prot'\n(Did you mean --port?)\nSee: tapedeck serve --help"],
    [["serve", "--port"], "option '--port <number>' argument missing"],
    [["serve", "--port", "http"], '--port: got "http", wanted a whole number from 0 to 65535'],
    [["data", "import"], "missing required argument 'paths'\nSee: tapedeck data import --help"],
    [["data", "list", "extra"], "too many arguments for 'list'"],
    [["data", "import-actions"], "missing required argument 'file'\nSee: tapedeck data import-actions --help"],
    [["data", "show"], "missing required argument 'symbol'\nSee: tapedeck data show --help"],
    [["data", "remove", "--yes"], "missing required argument 'symbols'\nSee: tapedeck data remove --help"],
    [["data", "verify", "--timeframe", "5W"], 'timeframe: got "5W", wanted 1Min to 59Min, 1Hour to 23Hour, or 1Day'],
    [["session", "create", "--end", "x"], "required option '--start <time>' not specified"],
    [["session", "speed", "x", "fast"], 'speed: got "fast", wanted a number'],
    [
      ["session", "advance", "x", "--minutes", "1", "--until", "2023-01-03T00:00:00Z"],
      "Give --minutes or --until, not both",
    ],
    [
      ["session", "list", "--url", "localhost:5000"],
      '--url: got "localhost:5000", wanted an address such as http://127.0.0.1:5000',
    ],
    [["session", "create", "--start", "a", "--end", "b", "--option", "fees"], '--option: got "fees", wanted KEY=VALUE'],
    [
      ["session", "create", "--start", "a", "--end", "b", "--option", "seed={"],
      '--option seed: got "{", wanted JSON or a plain word',
    ],
  ];

  it.each(wrong)("end with 2 and say what is wrong: %j", async (words, message) => {
    const { code, stdout, stderr } = await place.run(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`tapedeck (bad_argument): ${message}`);
  });

  it("are one JSON document on standard error with --json, wherever it stands", async () => {
    for (const words of [
      ["--json", "data", "lst"],
      ["data", "lst", "--json"],
    ]) {
      const { code, stdout, stderr } = await place.run(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(JSON.parse(stderr)).toEqual({
        error: { code: "bad_argument", message: expect.stringContaining("unknown command 'lst'") },
      });
    }
  });

  it("in the environment are refused with the variable's name", async () => {
    const { code, stderr } = await place.run(["session", "list"], { TAPEDECK_KEY_ID: "only" });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "tapedeck (bad_argument): TAPEDECK_SECRET_KEY is missing; it goes with TAPEDECK_KEY_ID\n",
    });
  });
});
