/** `tapedeck session`: its verbs, their options and help. */
import { withConfig, withServer } from "./data-options.ts";
import type { Command } from "commander";
import type { Run } from "../call.ts";
import { addProof } from "./proof-verbs.ts";
import { SESSION } from "./session-words.ts";
import type { AddLeaf } from "../program.ts";

type Verb = "create" | "list" | "show" | "advance" | "play" | "pause" | "speed" | "acceptData" | "remove";

const load = (verb: Verb) => async (): Promise<{ readonly run: Run }> => ({
  run: (await import("../commands/session.ts"))[verb],
});

const withSession = (command: Command): Command => withServer(command.argument("<session>", SESSION));

export function addSession(program: Command, addLeaf: AddLeaf): void {
  const session = program
    .command("session")
    .summary("make sessions and move their clocks")
    .description(
      "Make sessions and move their clocks, through a running server. The key comes from TAPEDECK_KEY_ID and " +
        "TAPEDECK_SECRET_KEY, else APCA_API_KEY_ID and APCA_API_SECRET_KEY, else it is the development key.",
    );
  addCreate(session, addLeaf);
  addLeaf(session, {
    name: "list",
    summary: "list your sessions, newest first",
    shape: (command) => withServer(command.option("--limit <number>", "how many at most", "100")),
    examples: ["session list", "session list --limit 5 --json"],
    load: load("list"),
  });
  addLeaf(session, {
    name: "show",
    summary: "show a session with its config, and how its accounts have done",
    about: "With --json, `reports` has the whole report of each account.",
    shape: withSession,
    examples: ["session show 5f0c", 'session show "Q1 2023"', "session show 5f0c --json | jq .reports[0].risk"],
    load: load("show"),
  });
  addClock(session, addLeaf);
  addProof(session, addLeaf);
  addLeaf(session, {
    name: "delete",
    summary: "delete a session and all of its data",
    shape: withSession,
    examples: ["session delete 5f0c"],
    load: load("remove"),
  });
}

function addCreate(session: Command, addLeaf: AddLeaf): void {
  addLeaf(session, {
    name: "create",
    summary: "create a session",
    about: "Times are RFC 3339 with an offset, such as 2023-01-03T09:30:00-05:00.",
    shape: (command) =>
      withConfig(
        withServer(
          command
            .requiredOption("--start <time>", "where the clock begins")
            .requiredOption("--end <time>", "where the session ends")
            .option("--name <name>", "a name to know it by")
            .option("--cash <dollars>", "cash of a new account (default: 100000)"),
        ),
      ),
    examples: [
      "session create --start 2023-01-03T09:30:00-05:00 --end 2023-03-31T16:00:00-04:00",
      'session create --start 2023-01-03T14:30:00Z --end 2023-12-29T21:00:00Z --name "a year" --cash 25000 \\\n' +
        `      --option tradingHours=regular --option 'slippage={"model":"bps","args":[5]}'`,
    ],
    load: load("create"),
  });
}

function addClock(session: Command, addLeaf: AddLeaf): void {
  addLeaf(session, {
    name: "advance",
    summary: "advance the clock; orders fill on the way",
    about: "By one minute, unless something else is said.",
    shape: (command) =>
      withSession(command)
        .option("--minutes <number>", "by so many minutes; fractions are fine")
        .option("--until <time>", "to a time, RFC 3339 with an offset"),
    examples: [
      "session advance 5f0c",
      "session advance 5f0c --minutes 390",
      "session advance 5f0c --until 2023-01-04T16:00:00-05:00",
    ],
    load: load("advance"),
  });
  addLeaf(session, {
    name: "play",
    summary: "let the clock run",
    shape: withSession,
    examples: ["session play 5f0c"],
    load: load("play"),
  });
  addLeaf(session, {
    name: "pause",
    summary: "stop the clock",
    shape: withSession,
    examples: ["session pause 5f0c"],
    load: load("pause"),
  });
  addLeaf(session, {
    name: "speed",
    summary: "set how fast the clock runs while it plays",
    shape: (command) =>
      withSession(command).argument("<speed>", "seconds of the session per real second; 1 is real time"),
    examples: ["session speed 5f0c 100"],
    load: load("speed"),
  });
  addLeaf(session, {
    name: "accept-data",
    summary: "go on with the bars as they are now",
    about: "For a session that refuses to go on because bars that it has used have changed.",
    shape: withSession,
    examples: ["session accept-data 5f0c"],
    load: load("acceptData"),
  });
}
