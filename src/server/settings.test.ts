import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveSettings, SETTINGS, type SettingSources } from "./settings.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-settings-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const resolve = (sources: Partial<SettingSources>): ReturnType<typeof resolveSettings> =>
  resolveSettings({ flags: {}, env: {}, directory, ...sources });

const write = (name: string, content: unknown): string => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

describe("settings", () => {
  it("have defaults", () => {
    expect(resolve({ env: { XDG_DATA_HOME: "/srv/share" } })).toEqual({
      port: 5000,
      host: "127.0.0.1",
      dataDir: "/srv/share/tapedeck",
      sample: true,
      allowedHosts: [],
      logLevel: "warn",
      tlsCert: undefined,
      tlsKey: undefined,
      tlsSelfSigned: false,
    });
  });

  it.runIf(process.platform === "linux")("keep data under the home directory where XDG_DATA_HOME says nothing", () => {
    for (const env of [{}, { XDG_DATA_HOME: "" }, { XDG_DATA_HOME: "relative" }]) {
      expect(resolve({ env }).dataDir).toBe(join(homedir(), ".local/share/tapedeck"));
    }
  });

  it("come from flags before the environment, from there before the config file", () => {
    const env = { TAPEDECK_PORT: "5002", TAPEDECK_HOST: "b.example" };
    write("tapedeck.config.json", { port: 5003, host: "c.example", logLevel: "info" });
    expect(resolve({ flags: { port: "5001" }, env })).toMatchObject({
      port: 5001,
      host: "b.example",
      logLevel: "info",
    });
  });

  it("are all taken from the environment", () => {
    const env = {
      TAPEDECK_PORT: "0",
      TAPEDECK_HOST: "::1",
      TAPEDECK_DATA_DIR: "data",
      TAPEDECK_SAMPLE: "false",
      TAPEDECK_ALLOWED_HOSTS: "Tape.example, [FE80::1]",
      TAPEDECK_LOG_LEVEL: "debug",
      TAPEDECK_TLS_CERT: "cert.pem",
      TAPEDECK_TLS_KEY: "/srv/key.pem",
      TAPEDECK_TLS_SELF_SIGNED: "1",
    };
    expect(resolve({ env })).toEqual({
      port: 0,
      host: "::1",
      dataDir: join(directory, "data"),
      sample: false,
      allowedHosts: ["tape.example", "[fe80::1]"],
      logLevel: "debug",
      tlsCert: join(directory, "cert.pem"),
      tlsKey: "/srv/key.pem",
      tlsSelfSigned: true,
    });
  });

  it("ignore empty variables", () => {
    expect(resolve({ env: { TAPEDECK_PORT: "", TAPEDECK_CONFIG: "" } }).port).toBe(5000);
  });

  it("are all taken from the config file, where paths are relative to it", () => {
    mkdirSync(join(directory, "etc"));
    write("etc/tape.json", {
      port: 1,
      host: "h",
      dataDir: "bars",
      sample: false,
      allowedHosts: ["a", "b"],
      logLevel: "error",
      tlsCert: "cert.pem",
      tlsKey: "/srv/key.pem",
      tlsSelfSigned: true,
    });
    expect(resolve({ configFile: "etc/tape.json" })).toEqual({
      port: 1,
      host: "h",
      dataDir: join(directory, "etc/bars"),
      sample: false,
      allowedHosts: ["a", "b"],
      logLevel: "error",
      tlsCert: join(directory, "etc/cert.pem"),
      tlsKey: "/srv/key.pem",
      tlsSelfSigned: true,
    });
    expect(resolve({ env: { TAPEDECK_CONFIG: join(directory, "etc/tape.json") } }).port).toBe(1);
    expect(resolve({ configFile: "etc/tape.json", flags: { dataDir: "x" } }).dataDir).toBe(join(directory, "x"));
  });

  it("take ~ for the home directory wherever a path comes from", () => {
    expect(resolve({ env: { TAPEDECK_DATA_DIR: "~/bars" } }).dataDir).toBe(join(homedir(), "bars"));
    expect(resolve({ flags: { dataDir: "./~/bars" } }).dataDir).toBe(join(directory, "~/bars"));
  });
});

describe("a wrong setting", () => {
  const wrong: readonly (readonly [string, Partial<SettingSources>, string])[] = [
    ["a flag", { flags: { port: "65536" } }, '--port: got "65536", wanted a whole number from 0 to 65535'],
    ["a flag with a fraction", { flags: { port: "50.5" } }, '--port: got "50.5"'],
    ["a negative port", { flags: { port: "-1" } }, '--port: got "-1"'],
    ["an empty flag", { flags: { port: "" } }, '--port: got ""'],
    ["a variable", { env: { TAPEDECK_SAMPLE: "maybe" } }, 'TAPEDECK_SAMPLE: got "maybe", wanted true or false'],
    ["a host with a port", { env: { TAPEDECK_HOST: "localhost:80" } }, 'TAPEDECK_HOST: got "localhost:80"'],
    ["a host with a scheme", { flags: { host: "http://localhost" } }, '--host: got "http://localhost"'],
    ["an allowed host with a port", { flags: { allowedHosts: ["a", "b:1"] } }, '--allowed-host: got ["a","b:1"]'],
    ["a wildcard", { flags: { allowedHosts: ["*"] } }, "wanted host names"],
    ["an empty directory", { flags: { dataDir: "" } }, '--data-dir: got "", wanted the path of a directory'],
    ["a level", { flags: { logLevel: "loud" } }, '--log-level: got "loud", wanted one of silent, fatal'],
  ];
  it.each(wrong)("is refused with its name, source and what it takes: %s", (_, sources, message) => {
    expect(() => resolve(sources)).toThrow(
      expect.objectContaining({ code: "bad_argument", message: expect.stringContaining(message) }),
    );
  });

  it("in the config file is refused with the file's name", () => {
    const path = write("tapedeck.config.json", { port: "5000 " });
    expect(() => resolve({})).toThrow(`port in ${path}: got "5000 "`);
    write("tapedeck.config.json", { allowedHosts: [1] });
    expect(() => resolve({})).toThrow(`allowedHosts in ${path}: got [1]`);
    write("tapedeck.config.json", { sample: null });
    expect(() => resolve({})).toThrow(`sample in ${path}: got null`);
  });

  it("that nobody knows is refused with the known ones", () => {
    const path = write("tapedeck.config.json", { prot: 1 });
    const message = `${path}: "prot" is not a setting; known are port, host, dataDir, sample, allowedHosts, logLevel, tlsCert, tlsKey, tlsSelfSigned.`;
    expect(() => resolve({})).toThrow(message);
  });

  it.each(["[]", "7", "null", "{", ""])("is a config file that is no object: %s", (text) => {
    const path = write("own.json", text);
    expect(() => resolve({ configFile: path })).toThrow(
      expect.objectContaining({ code: "bad_argument", message: expect.stringContaining(path) }),
    );
  });

  it("is a named config file that does not exist", () => {
    expect(() => resolve({ configFile: "gone.json" })).toThrow(/config file .*gone\.json cannot be read/);
  });
});

describe("the page of settings", () => {
  it("lists every setting with its flag, variable and what it takes", () => {
    const page = readFileSync(new URL("../../docs/reference/settings.md", import.meta.url), "utf8");
    for (const [name, { flag, variable, wanted }] of Object.entries(SETTINGS)) {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";
      for (const text of [...flag.split(", "), variable, wanted]) expect(row).toContain(text);
    }
  });
});
