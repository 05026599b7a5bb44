/** The bot of a run: its environment, its process, and how it comes to its end. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../kernel/index.ts";

/** Milliseconds that a bot has to end by itself once the session is over, and again once it is asked to. */
const GRACE_MS = 2000;

const PYTHON_SHIM = fileURLToPath(new URL("../../../shims/python", import.meta.url));
const NODE_SHIM = new URL("./preload.js", import.meta.url).href;

export interface BotFacts {
  readonly url: string;
  readonly session: string;
  readonly account: string;
  readonly speed: string;
  /** A file in which programs that keep the session's time say so. */
  readonly hello: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with Alpaca's addresses, by all of the names that its SDKs know, and the start-up hooks. */
export function environmentOf(env: Environment, { url, session, account, speed, hello }: BotFacts): Environment {
  const base = `${url}/sim/${account}/lockstep`;
  const stream = base.replace("http", "ws");
  return {
    ...env,
    APCA_API_BASE_URL: base,
    APCA_API_DATA_URL: base,
    APCA_DATA_BASE_URL: base,
    APCA_API_STREAM_URL: stream,
    DATA_PROXY_WS: `${stream}/v2`,
    DATA_CRYPTO_PROXY_WS: `${stream}/v1beta3/crypto`,
    APCA_API_KEY_ID: env["APCA_API_KEY_ID"] ?? "tapedeck-run",
    APCA_API_SECRET_KEY: env["APCA_API_SECRET_KEY"] ?? "tapedeck-run",
    ALPACA_API_KEY: env["ALPACA_API_KEY"] ?? "tapedeck-run",
    ALPACA_SECRET_KEY: env["ALPACA_SECRET_KEY"] ?? "tapedeck-run",
    ALPACA_API_SECRET: env["ALPACA_API_SECRET"] ?? "tapedeck-run",
    DATA_API_URL: base,
    TAPEDECK_URL: url,
    TAPEDECK_SESSION_ID: session,
    TAPEDECK_ACCOUNT_ID: account,
    TAPEDECK_RUN_URL: url,
    TAPEDECK_RUN_BASE_URL: base,
    TAPEDECK_RUN_SESSION: session,
    TAPEDECK_RUN_SPEED: speed,
    TAPEDECK_RUN_HELLO: hello,
    PYTHONPATH: [PYTHON_SHIM, env["PYTHONPATH"]].filter((path) => path !== undefined && path !== "").join(delimiter),
    PYTHONUNBUFFERED: env["PYTHONUNBUFFERED"] ?? "1",
    NODE_OPTIONS: [env["NODE_OPTIONS"], `--import=${NODE_SHIM}`].filter((option) => option !== undefined).join(" "),
  };
}

export interface Bot {
  /** The exit code; of a bot that a signal ended 128 and the signal's number, as shells have it. */
  readonly ended: Promise<number>;
  readonly isRunning: () => boolean;
  /** Asks it to end, after it had time to do so by itself; insists if it does not. True if it was asked. */
  readonly finish: () => Promise<boolean>;
}

/** Throws AppError where the command cannot be started. */
export async function startBot(command: readonly string[], env: Environment): Promise<Bot> {
  const [name = "", ...args] = command;
  const child = spawn(name, args, { stdio: "inherit", env });
  await started(child, name);
  let isRunning = true;
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code, signal) => {
      isRunning = false;
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  const within = async (ms: number): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, ms, false);
    });
    const isOver = await Promise.race([ended.then(() => true), late]);
    clearTimeout(timer);
    return isOver;
  };
  return {
    ended,
    isRunning: () => isRunning,
    finish: async () => {
      if (await within(GRACE_MS)) return false;
      child.kill("SIGTERM");
      if (!(await within(GRACE_MS))) child.kill("SIGKILL");
      await ended;
      return true;
    },
  };
}

function started(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      reject(
        new AppError("bad_argument", `the command ${JSON.stringify(name)} cannot be started: ${error.message}.`, error),
      );
    });
  });
}

/** Whether a program has said that it keeps the session's time. */
export const hasSaidHello = (hello: string): boolean => existsSync(hello);
