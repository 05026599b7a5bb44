/** Settings of a server: from flags, else the environment, else a config file, else defaults; each one checked. */
import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../kernel/index.ts";

export interface ServerSettings {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where to listen: a name or an address, an IPv6 one without brackets. */
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Whether the built-in sample is there. */
  readonly sample: boolean;
  /** Names that a Host header may carry besides those of loopback, without a port. */
  readonly allowedHosts: readonly string[];
  /** pino's level; "silent" logs nothing. */
  readonly logLevel: string;
  /** Absolute paths of PEM files, for https and wss. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** Whether the server makes a certificate of its own. */
  readonly tlsSelfSigned: boolean;
}

type SettingName = keyof ServerSettings;
type PathName = "dataDir" | "tlsCert" | "tlsKey";

/** Values as they came: texts from flags and the environment, JSON from the file. */
export type GivenSettings = { readonly [Name in SettingName]?: unknown };

export interface SettingSources {
  readonly flags: GivenSettings;
  /** An empty variable counts as absent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What --config names; else TAPEDECK_CONFIG; else tapedeck.config.json in the working directory, if it is there. */
  readonly configFile?: string | undefined;
  /** The working directory. */
  readonly directory?: string;
}

interface Setting<T> {
  readonly flag: string;
  readonly variable: string;
  /** What it takes, for messages and for docs/reference/settings.md. */
  readonly wanted: string;
  /** Undefined for a value that it does not take. */
  readonly parse: (value: unknown) => T | undefined;
}

const CONFIG_FILE = "tapedeck.config.json";
const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"];

/** Every setting; the name is its key in the config file. */
export const SETTINGS: { readonly [Name in SettingName]: Setting<NonNullable<ServerSettings[Name]>> } = {
  port: {
    flag: "--port",
    variable: "TAPEDECK_PORT",
    wanted: "a whole number from 0 to 65535 (0 takes a free port)",
    parse: parsePort,
  },
  host: {
    flag: "--host",
    variable: "TAPEDECK_HOST",
    wanted: "a host name or an IP address, without a port",
    parse: parseHost,
  },
  dataDir: { flag: "--data-dir", variable: "TAPEDECK_DATA_DIR", wanted: "the path of a directory", parse: parsePath },
  sample: {
    flag: "--sample, --no-sample",
    variable: "TAPEDECK_SAMPLE",
    wanted: "true or false",
    parse: parseTruth,
  },
  allowedHosts: {
    flag: "--allowed-host",
    variable: "TAPEDECK_ALLOWED_HOSTS",
    wanted: "host names without a scheme and a port, several separated by commas",
    parse: parseHosts,
  },
  logLevel: {
    flag: "--log-level",
    variable: "TAPEDECK_LOG_LEVEL",
    wanted: `one of ${LOG_LEVELS.join(", ")}`,
    parse: (value) => LOG_LEVELS.find((level) => level === value),
  },
  tlsCert: { flag: "--tls-cert", variable: "TAPEDECK_TLS_CERT", wanted: "the path of a PEM file", parse: parsePath },
  tlsKey: { flag: "--tls-key", variable: "TAPEDECK_TLS_KEY", wanted: "the path of a PEM file", parse: parsePath },
  tlsSelfSigned: {
    flag: "--tls-self-signed",
    variable: "TAPEDECK_TLS_SELF_SIGNED",
    wanted: "true or false",
    parse: parseTruth,
  },
};

const NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Throws AppError "bad_argument" naming the setting, where its value came from, what it got and what it takes. */
export function resolveSettings(sources: SettingSources): ServerSettings {
  const { flags, env, directory = process.cwd() } = sources;
  const file = readConfigFile(sources, directory);
  const find = <Name extends SettingName>(name: Name): NonNullable<ServerSettings[Name]> | undefined => {
    const { flag, variable, wanted, parse } = SETTINGS[name];
    const [given] = [
      { from: flag, value: flags[name] },
      { from: variable, value: env[variable] === "" ? undefined : env[variable] },
      { from: `${name} in ${file.path}`, value: file.values[name] },
    ].filter(({ value }) => value !== undefined);
    if (given === undefined) return undefined;
    const value = parse(given.value);
    if (value !== undefined) return value;
    throw new AppError("bad_argument", `${given.from}: got ${shown(given.value)}, wanted ${wanted}.`);
  };
  const pathOf = (name: PathName, path: string): string => {
    const isFromFile = flags[name] === undefined && (env[SETTINGS[name].variable] ?? "") === "";
    return resolve(isFromFile ? dirname(file.path) : directory, fromHome(path));
  };
  const optionalPath = (name: "tlsCert" | "tlsKey"): string | undefined => {
    const path = find(name);
    return path === undefined ? undefined : pathOf(name, path);
  };
  return {
    port: find("port") ?? 5000,
    host: find("host") ?? "127.0.0.1",
    dataDir: pathOf("dataDir", find("dataDir") ?? join(dataHome(env), "tapedeck")),
    sample: find("sample") ?? true,
    allowedHosts: find("allowedHosts") ?? [],
    logLevel: find("logLevel") ?? "warn",
    tlsCert: optionalPath("tlsCert"),
    tlsKey: optionalPath("tlsKey"),
    tlsSelfSigned: find("tlsSelfSigned") ?? false,
  };
}

interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly values: GivenSettings;
}

/** The values as they stand in the file; none where nobody named one and the usual one is absent. */
function readConfigFile({ configFile, env }: SettingSources, directory: string): ConfigFile {
  const named = configFile ?? (env["TAPEDECK_CONFIG"] === "" ? undefined : env["TAPEDECK_CONFIG"]);
  const path = resolve(directory, fromHome(named ?? CONFIG_FILE));
  if (named === undefined && !existsSync(path)) return { path, values: {} };
  const values = parseJson(path);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new AppError("bad_argument", `${path}: got ${shown(values)}, wanted a JSON object of settings.`);
  }
  const unknown = Object.keys(values).find((key) => !NAMES.some((name) => name === key));
  if (unknown === undefined) return { path, values };
  throw new AppError("bad_argument", `${path}: ${shown(unknown)} is not a setting; known are ${NAMES.join(", ")}.`);
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new AppError("bad_argument", `The config file ${path} cannot be read: ${words}.`, error);
  }
}

/** Where programs of this system keep data of their own: the XDG directory on Linux and its like. */
function dataHome(env: SettingSources["env"]): string {
  const named = process.platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_DATA_HOME"];
  // The XDG specification has a relative path ignored.
  if (named !== undefined && isAbsolute(named)) return named;
  if (process.platform === "win32") return join(homedir(), "AppData", "Local");
  return process.platform === "darwin"
    ? join(homedir(), "Library", "Application Support")
    : join(homedir(), ".local", "share");
}

/** No shell has seen a path in a file or a service's environment: "~" means the home directory there too. */
const fromHome = (path: string): string => (/^~(?:$|[/\\])/.test(path) ? join(homedir(), path.slice(1)) : path);

function parsePort(value: unknown): number | undefined {
  const port = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}

function parseHost(value: unknown): string | undefined {
  const host = typeof value === "string" ? value.toLowerCase().replace(/^\[(.*)\]$/, "$1") : "";
  return isIPv6(host) || /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(host) ? host : undefined;
}

function parsePath(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !value.includes("\0") ? value : undefined;
}

function parseTruth(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "1") return true;
  return value === "false" || value === "0" ? false : undefined;
}

/** Texts may hold several names; a list of a config file is taken as it is. IPv6 addresses get their brackets. */
function parseHosts(value: unknown): readonly string[] | undefined {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = texts.flatMap((text): readonly unknown[] => (typeof text === "string" ? text.split(",") : [text]));
  const hosts = names.map((name) => (typeof name === "string" ? parseHost(name.trim()) : undefined));
  const known = hosts.filter((host) => host !== undefined);
  return known.length === hosts.length ? known.map((host) => (host.includes(":") ? `[${host}]` : host)) : undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
