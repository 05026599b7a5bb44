/** The pages of docs/models: examples are played to the cent, options and profiles are the engine's, rules have their tests. */
import { describe, expect, it } from "vitest";
import { defaultConfig, type EngineConfig, type Profile } from "../../src/engine/index.ts";
import { exists, filesBelow, read, tableRowsOf } from "../support/repository.ts";
import { playedOf, wantedOf, type GoldenCase } from "./golden-case.ts";

const FOLDER = "docs/models";

/** Pages that list; every other shows a model at work. */
const LISTS = ["rules.md", "what-is-not-verified.md"];

const pages = filesBelow(FOLDER, /\.md$/).map((path) => path.slice(FOLDER.length + 1));

const examplesOf = (page: string): readonly GoldenCase[] =>
  [...read(`${FOLDER}/${page}`).matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
    ([, text = ""]) => JSON.parse(text) as GoldenCase,
  );

const examples = pages.flatMap((page) => examplesOf(page).map((golden) => ({ page, golden })));

/** Every value inside an expectation with the expectation in which that value alone is another. */
function spoiled(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    const elements = value as readonly unknown[];
    return [
      [...elements, "more"],
      ...elements.flatMap((each, index) => spoiled(each).map((other) => elements.with(index, other))),
    ];
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, each]) => spoiled(each).map((other) => ({ ...value, [key]: other })));
  }
  return [typeof value === "string" ? `${value}1` : "another"];
}

describe("the pages of the models", () => {
  it("are many, and each but a list has an example", () => {
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.filter((page) => !LISTS.includes(page) && examplesOf(page).length === 0)).toEqual([]);
  });

  it("give every example a name of its own, after its page", () => {
    const wanted = pages.flatMap((page) => examplesOf(page).map((_, index) => `${page.slice(0, -3)}-${index + 1}`));
    expect(examples.map(({ golden }) => golden.id)).toEqual(wanted);
  });

  it.each(examples.map(({ golden }) => [golden.id, golden.title, golden] as const))("%s: %s", (_id, _title, golden) => {
    expect(playedOf(golden)).toEqual(wantedOf(golden));
  });

  it("fail where any one thing that an example expects is another", () => {
    const unseen = examples.flatMap(({ golden }) =>
      spoiled(golden.expect)
        .map((other) => ({ ...golden, expect: other as GoldenCase["expect"] }))
        .filter((other) => isTrue(other))
        .map((other) => `${golden.id}: ${JSON.stringify(other.expect)}`),
    );
    expect(unseen).toEqual([]);
  });
});

/** Whether the engine does what a case says; a case that makes no sense is not true. */
function isTrue(golden: GoldenCase): boolean {
  try {
    expect(playedOf(golden)).toEqual(wantedOf(golden));
    return true;
  } catch {
    return false;
  }
}

const PROFILES: readonly Profile[] = ["conservative", "ideal", "alpaca_paper", "alpaca_live", "pessimist"];

/** Options that are none of a model's business. */
const NOT_CHOSEN = ["profile", "rulesVersion"];

const options = Object.keys(defaultConfig("conservative")).filter((option) => !NOT_CHOSEN.includes(option));

const shown = (profile: Profile, option: string): string =>
  `\`${JSON.stringify(defaultConfig(profile)[option as keyof EngineConfig])}\``;

const nameIn = (cell: string | undefined): string => /^`(\w+)`$/.exec(cell ?? "")?.[1] ?? "";

describe("the options", () => {
  it("stand in the table of profiles with the values of each", () => {
    const [, ...rows] = [[], ...tableRowsOf(`${FOLDER}/profiles.md`).filter((cells) => cells.length === 6)];
    const wanted = options.map((option) => [`\`${option}\``, ...PROFILES.map((profile) => shown(profile, option))]);
    expect(rows).toEqual(wanted);
  });

  it("stand each on the page of its model, with its default", () => {
    const rows = pages
      .filter((page) => page !== "profiles.md")
      .flatMap((page) => tableRowsOf(`${FOLDER}/${page}`))
      .filter((cells) => cells.length === 4 && options.includes(nameIn(cells[0])));
    const wanted = options.map((option) => `${option}: ${shown("conservative", option)}`);
    expect(rows.map(([option, , value]) => `${nameIn(option)}: ${value}`).toSorted()).toEqual(wanted.toSorted());
  });
});

const RULE_COUNT = 44;

/** Ids of the cases in the files of this folder, and of the examples. */
const caseIds = new Set([
  ...["bar-cases.json", "rule-cases.json"].flatMap((file) =>
    (JSON.parse(read(`test/golden/${file}`)) as readonly GoldenCase[]).map(({ id }) => id),
  ),
  ...examples.map(({ golden }) => golden.id),
]);

describe("the list of rules", () => {
  const rows = tableRowsOf(`${FOLDER}/rules.md`).filter((cells) => cells.length === 4);

  it(`names R1 to R${RULE_COUNT} without a gap`, () => {
    expect(rows.map(([rule]) => rule)).toEqual(Array.from({ length: RULE_COUNT }, (_, index) => `R${index + 1}`));
  });

  it("leads each to a page, and to a test or a reason why there is none", () => {
    const bare = rows.filter(([, , page = "", tests = ""]) => !/\]\([a-z-]+\.md\)/.test(page) || tests === "");
    expect(bare).toEqual([]);
  });

  it("names cases and files that exist, and every case of the rules", () => {
    const named = rows.flatMap(([, , , tests = ""]) => [...tests.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
    const accounting = read("test/golden/accounting-cases.test.ts") + read("test/golden/company-cases.test.ts");
    const isThere = (name: string): boolean =>
      caseIds.has(name) || exists(name) || (/^A\d\d$/.test(name) && new RegExp(`\\b${name}\\b`).test(accounting));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
    expect([...caseIds].filter((id) => !named.includes(id))).toEqual([]);
  });
});
