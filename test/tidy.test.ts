/** The repository itself: who imports whom, names, sizes, documents, dependencies. Each rule stands in CONTRIBUTING.md. */
import { describe, expect, it } from "vitest";
import { FAULTS, REFUSALS } from "../src/kernel/index.ts";
import {
  anchorsOf,
  codeOf,
  exists,
  filesBelow,
  foldersIn,
  importsOf,
  linksOf,
  read,
  tableRowsOf,
  type Import,
} from "./support/repository.ts";

/** Who may import whom, as ARCHITECTURE.md has it; what is not here does not exist. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  calendar: ["kernel"],
  engine: ["kernel", "calendar"],
  market: ["kernel", "calendar"],
  sessions: ["kernel", "calendar", "engine", "market"],
  journal: ["kernel", "engine", "sessions"],
  access: ["kernel"],
  report: ["kernel", "calendar"],
  api: ["kernel", "calendar", "engine", "sessions", "access", "report"],
  server: ["kernel", "calendar", "engine", "market", "sessions", "journal", "access", "api"],
  cli: ["kernel", "market", "server"],
};

/** Rooms that import no package and no part of Node, and know no time, chance or waiting. */
const PURE_ROOMS = ["kernel", "calendar", "engine", "report"];

/** What only a session may call: an API or a journal that changes a state by itself would bypass the journal. */
const STATE_CHANGERS = ["apply", "createState", "decide", "nextEvents", "openAgenda", "setClock"];
const MAY_NOT_CHANGE_STATES = ["api", "journal"];

/** Folders of src/api that are not surfaces: every surface may import them. */
const SHARED_BY_SURFACES = ["wire", "alpaca"];

const LINES_MAX = 400;
const README_LINES_MAX = 30;

const IMPURE =
  /\b(?:async|await|Promise|Date|Intl|performance|setTimeout|setInterval|setImmediate|queueMicrotask|console|process|fetch|Math\.random|crypto)\b/g;
const WALL_CLOCK = /\b(?:Date\.now|new Date|Date\(|performance\.now|hrtime)/g;
const FORBIDDEN_NAME = /(?:^|\/)(?:utils?|helpers?|common|misc|managers?|data)(?:\.[a-z.]+|$|\/)/;
const UNDATED_PROMISE = new RegExp(`\\b(?:${["TO", "FIX"].join("DO|")}ME)\\b(?!\\(#\\d+\\))`);
const MOCK = /\bvi\s*\.\s*(?:mock|doMock|fn|spyOn|stubGlobal|mocked)\b/;

const isTest = (path: string): boolean => path.endsWith(".test.ts");
/** Fixtures stand beside the tests that share them and are compiled as little as those. */
const isShipped = (path: string): boolean => !isTest(path) && !path.endsWith("-fixture.ts");
const roomOf = (path: string): string => path.split("/")[1] ?? "";

const rooms = foldersIn("src");
const sources = filesBelow("src", /\.ts$/);
const shipped = sources.filter(isShipped);
const everything = [
  ...sources,
  ...["dashboard", "test", "bench", "scripts", "bin"]
    .filter(exists)
    .flatMap((folder) => filesBelow(folder, /\.[jt]sx?$/)),
];
const dashboard = filesBelow("dashboard", /\.tsx?$/).filter((path) => !path.endsWith("vite.config.ts"));
const pages = filesBelow("", /\.md$/);

/** One line for each import of shipped code that a rule objects to. */
function objections(
  objection: (path: string, each: Import) => string | undefined,
  paths: readonly string[] = shipped,
): readonly string[] {
  return paths.flatMap((path) =>
    importsOf(path).flatMap((each) => {
      const why = objection(path, each);
      return why === undefined ? [] : [`${path} imports ${each.specifier}: ${why}`];
    }),
  );
}

/** The room that an import leads into, if it is another one. */
function otherRoom(path: string, { target }: Import): string | undefined {
  if (!target.startsWith("src/")) return undefined;
  const room = roomOf(target);
  return room === roomOf(path) ? undefined : room;
}

/** What the built page may consist of: everything else would be downloaded by every reader for nothing. */
const IN_THE_PAGE = /^(?:preact|preact\/hooks|@preact\/signals|lightweight-charts)$/;

/** One line for each match of a pattern in the code (not the comments, not the texts) of some files. */
function matches(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.flatMap((path) => [...codeOf(read(path)).matchAll(pattern)].map(([found]) => `${path}: ${found}`));
}

const lineCount = (path: string): number => read(path).trimEnd().split("\n").length;

describe("the rooms of src", () => {
  it("are the rooms of the import table", () => {
    expect(rooms.filter((room) => MAY_IMPORT[room] === undefined)).toEqual([]);
    expect(sources.length).toBeGreaterThan(rooms.length);
  });

  it("stand in ARCHITECTURE.md with the same table", () => {
    const rows = tableRowsOf("ARCHITECTURE.md").map(
      ([name = "", , imports = ""]) => `${/^\[(\w+)\]/.exec(name)?.[1]}: ${imports}`,
    );
    const wanted = rooms.map((room) => {
      const others = (MAY_IMPORT[room] ?? []).filter((other) => rooms.includes(other));
      return `${room}: ${others.length === 0 ? "–" : others.join(", ")}`;
    });
    expect(rows.toSorted()).toEqual(wanted.toSorted());
  });

  it("import only whom the table lets them", () => {
    const found = objections((path, each) => {
      const room = otherRoom(path, each);
      const isAllowed = room === undefined || (MAY_IMPORT[roomOf(path)] ?? []).includes(room);
      return isAllowed ? undefined : `${roomOf(path)} may not import ${room}`;
    });
    expect(found).toEqual([]);
  });

  it("enter one another through the door, tests included", () => {
    const found = objections((path, each) => {
      const room = otherRoom(path, each);
      return room === undefined || each.target === `src/${room}/index.ts`
        ? undefined
        : `the door is src/${room}/index.ts`;
    }, sources);
    expect(found).toEqual([]);
  });

  it("import nothing that is not shipped", () => {
    const found = objections((_, { specifier, target }) =>
      !specifier.startsWith(".") || target.startsWith("src/") ? undefined : "it is not in src",
    );
    expect(found).toEqual([]);
  });

  it("import files with their extension", () => {
    const found = objections((_, { specifier }) =>
      specifier.startsWith(".") && !/\.(?:ts|json)$/.test(specifier) ? "the extension is missing" : undefined,
    );
    expect(found).toEqual([]);
  });

  it("are compiled with references to no more than the table", () => {
    const root = JSON.parse(read("tsconfig.json")) as { references: { path: string }[] };
    expect(root.references.map(({ path }) => path).toSorted()).toEqual(rooms.map((room) => `src/${room}`).toSorted());
    const extra = rooms.flatMap((room) => {
      const config = JSON.parse(read(`src/${room}/tsconfig.json`)) as { references: { path: string }[] };
      const referenced = config.references.map(({ path }) => path.replace("../", ""));
      return referenced
        .filter((other) => !(MAY_IMPORT[room] ?? []).includes(other))
        .map((other) => `${room} refers to ${other}`);
    });
    expect(extra).toEqual([]);
  });
});

describe("the laws that imports can break", () => {
  const pure = shipped.filter((path) => PURE_ROOMS.includes(roomOf(path)));

  it("pure rooms import nothing but files of ours", () => {
    expect(
      objections((_, { specifier }) => (specifier.startsWith(".") ? undefined : "the room is pure"), pure),
    ).toEqual([]);
  });

  it("pure rooms know no time, chance, waiting or output", () => {
    expect(pure.length).toBeGreaterThan(20);
    expect(matches(pure, IMPURE)).toEqual([]);
  });

  it("sessions read the wall clock in one file", () => {
    const others = shipped.filter((path) => roomOf(path) === "sessions" && path !== "src/sessions/wall-clock.ts");
    expect(others.length).toBeGreaterThan(0);
    expect(matches(others, WALL_CLOCK)).toEqual([]);
  });

  it("only sessions change a state", () => {
    const outsiders = shipped.filter((path) => MAY_NOT_CHANGE_STATES.includes(roomOf(path)));
    const found = objections((path, each) => {
      if (otherRoom(path, each) !== "engine") return undefined;
      const changers = each.names.filter((name) => STATE_CHANGERS.includes(name));
      return changers.length === 0 ? undefined : `${changers.join(", ")} is for sessions alone`;
    }, outsiders);
    expect(found).toEqual([]);
  });

  it("surfaces of the API never import one another", () => {
    const surfaceOf = (path: string): string | undefined => /^src\/api\/([^/]+)\//.exec(path)?.[1];
    const found = objections((path, { target }) => {
      const [own, other] = [surfaceOf(path), surfaceOf(target)];
      if (own === undefined || other === undefined || own === other) return undefined;
      const isAllowed = SHARED_BY_SURFACES.includes(other) && own !== "wire";
      return isAllowed ? undefined : `${own} may not import ${other}`;
    });
    expect(found).toEqual([]);
  });
});

describe("the dashboard", () => {
  it("imports nothing of the server, and few packages", () => {
    expect(dashboard.length).toBeGreaterThan(20);
    const found = objections((path, { specifier, target }) => {
      if (specifier.startsWith(".")) return target.startsWith("dashboard/") ? undefined : "it is not in the dashboard";
      return IN_THE_PAGE.test(specifier) || (isTest(path) && specifier === "vitest") ? undefined : "not for the page";
    }, dashboard);
    expect(found).toEqual([]);
  });

  it("names no other host, and puts no text into the page as markup", () => {
    const foreign = dashboard.flatMap((path) =>
      [...read(path).matchAll(/https?:\/\/(?!www\.tradingview\.com|www\.w3\.org|127\.0\.0\.1|localhost)[\w.]+/g)].map(
        ([url]) => `${path}: ${url}`,
      ),
    );
    expect(foreign).toEqual([]);
    expect(matches(dashboard, /\b(?:innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML)\b/g)).toEqual([]);
  });
});

describe("every file", () => {
  it("has a name that says something", () => {
    expect(everything.filter((path) => FORBIDDEN_NAME.test(path))).toEqual([]);
    expect(everything.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
  });

  it(`has at most ${LINES_MAX} lines`, () => {
    expect(
      everything.filter((path) => lineCount(path) > LINES_MAX).map((path) => `${path}: ${lineCount(path)}`),
    ).toEqual([]);
  });

  it("opens with a sentence that says what it is, unless it is a test beside its file", () => {
    const opening = /^(?:#![^\n]*\n)?\/\*\*\s+(?:\*\s+)?[A-Z`"(][\s\S]*?\.\s*\*\//;
    const others = everything.filter(
      (path) => !(isTest(path) && /^(?:src|dashboard)\//.test(path)) && !opening.test(read(path)),
    );
    expect(others).toEqual([]);
  });

  it("promises nothing for later without an issue's number", () => {
    expect([...everything, ...pages].filter((path) => UNDATED_PROMISE.test(read(path)))).toEqual([]);
  });

  it("mocks nothing, if it is a test", () => {
    expect(everything.filter(isTest).filter((path) => MOCK.test(codeOf(read(path))))).toEqual([]);
  });
});

describe("the documents", () => {
  it.each([...rooms.map((room) => `src/${room}`), "dashboard"])(
    `%s has a README of at most ${README_LINES_MAX} lines`,
    (room) => {
      const path = `${room}/README.md`;
      expect(exists(path)).toBe(true);
      expect(lineCount(path)).toBeLessThanOrEqual(README_LINES_MAX);
    },
  );

  it("link to files and headings that exist", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter(
          ({ target, anchor }) => !exists(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor)),
        )
        .map(({ target, anchor }) => `${page} → ${target}${anchor === undefined ? "" : `#${anchor}`}`),
    );
    expect(pages.length).toBeGreaterThan(rooms.length);
    expect(broken).toEqual([]);
  });

  it("list every refusal with its status, code and meaning, and no other", () => {
    const rows = tableRowsOf("docs/reference/errors.md").filter((cells) => cells.length === 4);
    const wanted = Object.entries(REFUSALS).map(([reason, { status, code, means }]) => [
      `\`${reason}\``,
      `${status}`,
      `${code}`,
      means,
    ]);
    expect(rows).toEqual(wanted);
  });

  it("list every fault with its meaning, and no other", () => {
    const rows = tableRowsOf("docs/reference/errors.md").filter((cells) => cells.length === 3);
    const listed = rows.map(([fault, means]) => [fault, means]);
    expect(listed).toEqual(Object.entries(FAULTS).map(([fault, means]) => [`\`${fault}\``, means]));
  });
});

interface PackageFile {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly overrides?: Record<string, string>;
}

interface LockFile {
  readonly packages: Record<string, { readonly dev?: boolean; readonly hasInstallScript?: boolean }>;
}

describe("the dependencies", () => {
  const { dependencies, devDependencies, overrides } = JSON.parse(read("package.json")) as PackageFile;
  const decisions = filesBelow("docs/decisions", /\.md$/);

  it("each have a line in docs/decisions, and no line is left over", () => {
    const named = decisions.flatMap((page) => tableRowsOf(page)).map(([name = ""]) => /^`([^`]+)`$/.exec(name)?.[1]);
    const wanted = Object.keys({ ...dependencies, ...devDependencies, ...overrides });
    const inTable = tableRowsOf("docs/decisions/0001-tools-and-dependencies.md").map(([name = ""]) =>
      name.replaceAll("`", ""),
    );
    expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
    expect(inTable.filter((name) => !wanted.includes(name))).toEqual([]);
  });

  it("are pinned to one version", () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...overrides }).filter(
      ([, version]) => !/^(?:npm:[@\w/-]+@)?\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it("run no script when they are installed", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as LockFile;
    const scripted = Object.entries(packages).filter(
      ([, entry]) => entry.hasInstallScript === true && entry.dev !== true,
    );
    expect(Object.keys(packages).length).toBeGreaterThan(Object.keys(dependencies).length);
    expect(scripted.map(([path]) => path)).toEqual([]);
  });

  it("are the only packages that shipped code imports", () => {
    const found = objections((_, { specifier }) => {
      if (/^[.#]|^node:/.test(specifier)) return undefined;
      const name = specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
      return dependencies[name] === undefined ? "it is not a runtime dependency" : undefined;
    });
    expect(found).toEqual([]);
  });
});
