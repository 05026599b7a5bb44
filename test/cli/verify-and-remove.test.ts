/** `tapedeck data verify` and `remove`: what is wrong is said with its rows, what is removed is gone and no more. */
import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHECKS } from "../../src/market/verify/checks.ts";
import { createClient } from "../support/http-client.ts";
import { tableRowsOf } from "../support/repository.ts";
import { createPlace, serve, type Place } from "./run-cli.ts";

let place: Place;
beforeEach(() => {
  place = createPlace();
});
afterEach(() => place.clear());

const inDirectory = (...words: readonly string[]): readonly string[] => ["data", ...words, "--data-dir", place.dataDir];

const DATES = ["2024-03-04", "2024-03-05", "2024-03-06"];

async function importDays(symbol: string, closes: readonly number[], dates = DATES): Promise<void> {
  const rows = closes.map((close, index) => `${dates[index]},${close},${close},${close},${close},1000`);
  writeFileSync(join(place.path, "days.csv"), ["timestamp,open,high,low,close,volume", ...rows, ""].join("\n"));
  await place.runJson(inDirectory("import", "days.csv", "--symbol", symbol, "--timeframe", "1Day"));
}

/** The one file of bars below a folder named for a letter. */
function barsFile(letter: string): string {
  const folder = join(place.dataDir, "market/bars", letter);
  return join(folder, readdirSync(folder)[0] ?? "");
}

const verify = (...words: readonly string[]): ReturnType<Place["run"]> =>
  place.run(inDirectory("verify", "--no-sample", ...words));

describe("tapedeck data verify", () => {
  it("finds nothing in good data, the sample included", async () => {
    const { code, stdout, stderr } = await place.run(inDirectory("verify"));
    // On a busy machine it tells how far it is.
    expect({ code, stderr: stderr.replaceAll(/^\d of 9 series, .*\n/gm, "") }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^9 series with [\d,]+ bars checked: nothing was found\.\n$/);
  });

  it("tells warnings with their rows, and ends with 0, or with 1 if they count", async () => {
    await importDays("AAA", [100, 50, 50]);
    await importDays("BBB", [100, 100, 100]);
    const { code, stdout, stderr } = await verify();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^warning +AAA +1Day +split_sized_jump +2 +2024-03-05T14:30:00Z +open of 2024-03-05: got 50 after/m,
    );
    expect(stdout).toMatch(/^warning +split_sized_jump +1 +1$/m);
    expect(stdout).toMatch(/^2 series with 6 bars checked: 0 errors, 1 warning\.$/m);
    const strict = await verify("--strict");
    expect({ ...strict }).toEqual({
      code: 1,
      stdout,
      stderr: "tapedeck (verification_failed): 0 errors and 1 warning were found in the data.\n",
    });
    expect((await verify("bbb", "--strict")).code).toBe(0);
  });

  it("names a damaged file and goes on with the others", async () => {
    for (const symbol of ["AAA", "BBB", "CCC"]) await importDays(symbol, [100, 50, 50]);
    truncateSync(barsFile("A"), 600);
    rmSync(barsFile("B"));
    const { code, stdout, stderr } = await verify("--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: 3,
      errors: 2,
      warnings: 1,
      series: [
        { symbol: "AAA", findings: [{ check: "damaged_file", severity: "error", row: null }] },
        { symbol: "BBB", checks: [{ check: "damaged_file", severity: "error", count: 1 }] },
        { symbol: "CCC", findings: [{ check: "split_sized_jump", at: "2024-03-05T14:30:00Z", row: 2 }] },
      ],
    });
    expect(stdout).toContain("AAA-1Day-2024-");
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "verification_failed" } });
  });

  it("ends with 5 for a series that is not there", async () => {
    await importDays("AAA", [100]);
    expect(await verify("AAA", "NOPE")).toMatchObject({ code: 5, stdout: "" });
    expect(await verify("AAA", "--timeframe", "1Min")).toMatchObject({
      code: 5,
      stderr: "tapedeck (bad_argument): timeframe: got 1Min, of which AAA has no bars; it has 1Day\n",
    });
  });
});

describe("the guide", () => {
  it("lists every check with its severity and what it finds, and no other", () => {
    const rows = tableRowsOf("docs/guide/import.md").filter(([, severity = ""]) =>
      /^(?:error|warning)$/.test(severity),
    );
    expect(rows).toEqual(Object.entries(CHECKS).map(([name, { severity, means }]) => [`\`${name}\``, severity, means]));
  });
});

describe("tapedeck data remove", () => {
  it("says what it removed, and what of the sample is there again", async () => {
    await importDays("AAPL", [100, 100, 100]);
    await importDays("ZZZ", [100, 100]);
    const { code, stdout } = await place.run(inDirectory("remove", "aapl", "ZZZ", "--yes"));
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "Removed 2 series of 5 bars (AAPL 1Day, ZZZ 1Day).",
        "  SYMBOL  BARS  ROWS",
        "  AAPL    1Day     3",
        "  ZZZ     1Day     2",
        "  The built-in sample is there again in the place of: AAPL (--no-sample leaves it out)",
        "",
      ].join("\n"),
    );
    const list = await place.runJson(inDirectory("list", "--no-sample"));
    expect(list).toMatchObject({ series: [] });
  });

  it("needs --yes where nobody can be asked", async () => {
    await importDays("ZZZ", [100, 100]);
    const { code, stderr } = await place.run(inDirectory("remove", "ZZZ"));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "tapedeck (bad_argument): This would remove 1 series of 2 bars (ZZZ 1Day). Say --yes, since nobody can be asked here\n",
    });
    expect(await place.runJson(inDirectory("list", "--no-sample"))).toMatchObject({ series: [{ rows: 2 }] });
  });

  it("removes what is damaged, and corporate actions if they are asked for", async () => {
    await importDays("ZZZ", [100, 100]);
    truncateSync(barsFile("Z"), 600);
    const actions = "symbol,ex_date,type,old_rate,new_rate,cash_per_share\nZZZ,2024-03-05,split,1,2,\n";
    writeFileSync(join(place.path, "actions.csv"), actions);
    await place.runJson(inDirectory("import-actions", "actions.csv"));
    expect(await place.runJson(inDirectory("remove", "ZZZ", "--actions", "--yes"))).toMatchObject({
      series: [{ symbol: "ZZZ", timeframe: "1Day", rows: 2 }],
      actions: 1,
    });
    expect(await place.runJson(inDirectory("actions"))).toMatchObject({ actions: [] });
    expect((await verify()).stdout).toBe("0 series with 0 bars checked: nothing was found.\n");
  });

  it("refuses the sample with how to switch it off, and what is not there", async () => {
    const sample = await place.run(inDirectory("remove", "AAPL", "--yes"));
    expect(sample).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be removed; .*--no-sample/) });
    expect(await place.run(inDirectory("remove", "NOPE", "--yes"))).toMatchObject({ code: 5, stdout: "" });
  });

  it("is seen by a running server at once", async () => {
    await importDays("ZZZ", [100, 100]);
    const server = await serve(place);
    const client = createClient(server.url);
    expect(await client.request("GET", "/v1/assets/ZZZ/bars?timeframe=1Day")).toMatchObject({ status: 200 });
    await place.runJson(inDirectory("remove", "ZZZ", "--yes"));
    await expect
      .poll(async () => client.request("GET", "/v1/assets/ZZZ/bars?timeframe=1Day"))
      .toMatchObject({ status: 404 });
    server.kill("SIGTERM");
    expect(await server.outcome).toMatchObject({ code: 0 });
  });
});
