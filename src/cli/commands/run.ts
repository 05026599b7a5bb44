/** `tapedeck run`: a bot through a span of history, on a private server, and how it did. */
import { join } from "node:path";
import { optionText, type Call } from "../call.ts";
import { wrongUsage } from "../exit-codes.ts";
import { fieldOf, textOf } from "../http/server-client.ts";
import { STOP_SIGNALS } from "../interruption.ts";
import { openRunProgress } from "../output/run-progress.ts";
import { runText, type RunResult } from "../output/run-text.ts";
import { environmentOf, hasSaidHello, startBot, type Bot } from "../run/bot.ts";
import { openRunServer, type RunServer } from "../run/private-server.ts";
import { spanOf } from "../run/span.ts";
import { configOf } from "../session-config.ts";
import { settingsOf } from "../settings.ts";

/** Milliseconds that a bot has to say that its own waiting moves the clock; then the session plays by itself. */
const HELLO_MS = 3000;

/** Milliseconds between two looks at the session. */
const LOOK_MS = 200;

const SPEED_MAX = 1_000_000;
const CLOCKS = ["auto", "bot", "session"] as const;

export async function run(call: Call): Promise<void> {
  const wanted = wantedOf(call);
  const server = await openRunServer({ ...(await settingsOf(call)), logLevel: "silent" });
  const ignore = ignoreStops();
  try {
    const place = await prepare(server, call);
    const bot = await startBot(call.args, environmentOf(call.env, { ...place, url: server.url, speed: wanted.speed }));
    const isDriven = await whoMoves(bot, place.hello, wanted.clock);
    if (!isDriven && bot.isRunning()) await play(server, place.session, wanted.speed);
    const code = await watch(server, bot, { ...place, speed: wanted.speed });
    const result = await resultOf(server, place, code);
    call.answer(result, runText(result));
    process.exitCode = code;
  } finally {
    ignore();
    await server.close();
  }
}

interface Wanted {
  /** A number, or max. */
  readonly speed: string;
  readonly clock: (typeof CLOCKS)[number];
}

function wantedOf(call: Call): Wanted {
  const speed = optionText(call, "speed") ?? "max";
  if (speed !== "max" && !(Number(speed) > 0 && Number(speed) <= SPEED_MAX)) {
    throw wrongUsage(`--speed: got ${JSON.stringify(speed)}, wanted a number > 0 and <= ${SPEED_MAX}, or max`);
  }
  const clock = CLOCKS.find((each) => each === optionText(call, "clock"));
  if (clock === undefined) throw wrongUsage(`--clock: wanted one of ${CLOCKS.join(", ")}`);
  return { speed, clock };
}

interface Place {
  readonly session: string;
  readonly account: string;
  readonly hello: string;
  readonly directory: string;
}

type Watched = Place & Pick<Wanted, "speed">;

/** A session and an account, once it is known that there is data for it. */
async function prepare(server: RunServer, call: Call): Promise<Place> {
  const span = await spanOf(server, optionText(call, "from") ?? "", optionText(call, "to") ?? "");
  const config = { tradingHours: "regular", ...configOf(call) };
  const initialCash = optionText(call, "cash");
  const made = await server.ask("POST", "/v1/sessions", { ...span, name: "run", initialCash, config });
  const session = textOf(made, "id");
  await checkSymbols(server, symbolsOf(call), span);
  const account = textOf(await server.ask("POST", "/v1/accounts", {}, session), "id");
  server.welcome(session, account);
  return { session, account, hello: join(server.directory, "hello"), directory: server.directory };
}

const symbolsOf = (call: Call): readonly string[] =>
  (optionText(call, "symbols") ?? "")
    .split(",")
    .map((symbol) => symbol.trim().toUpperCase())
    .filter((symbol) => symbol !== "");

async function checkSymbols(
  server: RunServer,
  symbols: readonly string[],
  { startTime, endTime }: { readonly startTime: string; readonly endTime: string },
): Promise<void> {
  for (const symbol of symbols) {
    const query = new URLSearchParams({ timeframe: "1Day", start: startTime.slice(0, 10), end: endTime, limit: "1" });
    const page = await server.ask("GET", `/v1/assets/${encodeURIComponent(symbol)}/bars?${query.toString()}`);
    const bars = fieldOf(page, "bars");
    if (Array.isArray(bars) && bars.length > 0) continue;
    throw wrongUsage(`--symbols: ${symbol} has no bars from ${startTime} to ${endTime}; see \`tapedeck data list\``);
  }
}

/** Whether the bot's own waiting moves the clock: Python and Node programs say so as they start. */
async function whoMoves(bot: Bot, hello: string, clock: Wanted["clock"]): Promise<boolean> {
  if (clock !== "auto") return clock === "bot";
  const deadline = performance.now() + HELLO_MS;
  while (bot.isRunning() && performance.now() < deadline) {
    if (hasSaidHello(hello)) return true;
    await pause(LOOK_MS / 4);
  }
  return hasSaidHello(hello);
}

async function play(server: RunServer, session: string, speed: string): Promise<void> {
  const path = `/v1/sessions/${session}/time`;
  await server.ask("PUT", `${path}/speed`, { speed: speed === "max" ? SPEED_MAX : Number(speed) });
  await server.ask("POST", `${path}/play`);
}

/** Until the bot ends, or the session does; gives the exit code. */
async function watch(server: RunServer, bot: Bot, { session, account, speed }: Watched): Promise<number> {
  const progress = openRunProgress(speed);
  const newFills = fillCounter(server, { session, account });
  let fills = 0;
  try {
    while (bot.isRunning()) {
      const state = await server.ask("GET", `/v1/sessions/${session}`);
      fills += await newFills();
      const equity = textOf(
        await server.ask("GET", `/v1/trading/accounts/${account}/account`, undefined, session),
        "equity",
      );
      progress.show(state, { equity, fills });
      if (textOf(state, "status") !== "active") return (await bot.finish()) ? 0 : await bot.ended;
      await Promise.race([bot.ended, pause(LOOK_MS)]);
    }
    return await bot.ended;
  } finally {
    progress.close();
  }
}

/** How many fills there were since the last time: only those are asked for. */
function fillCounter(
  server: RunServer,
  { session, account }: Pick<Place, "session" | "account">,
): () => Promise<number> {
  const path = `/v1/trading/accounts/${account}/account/activities/FILL?direction=asc&page_size=100`;
  let last = "";
  return async () => {
    const page = (await server.ask("GET", `${path}&page_token=${last}`, undefined, session)) as readonly unknown[];
    if (page.length > 0) last = encodeURIComponent(textOf(page.at(-1), "id"));
    return page.length;
  };
}

async function resultOf(server: RunServer, place: Place, exitCode: number): Promise<RunResult> {
  const { session, account, directory } = place;
  const state = await server.ask("GET", `/v1/sessions/${session}`);
  const trader = await server.ask("GET", `/v1/trading/accounts/${account}/account`, undefined, session);
  const report = await server.ask("GET", `/v1/accounts/${account}/report`, undefined, session);
  return { session, account, directory, exitCode, state, trader, report };
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Ctrl-C reaches the bot as well, which shares the terminal: when it has ended, so does the run, in order. */
function ignoreStops(): () => void {
  const ignore = (): void => undefined;
  for (const signal of STOP_SIGNALS) process.on(signal, ignore);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, ignore);
  };
}
