/** `tapedeck session`: each verb is one request to a running server. */
import { argument, optionText, type Call } from "../call.ts";
import { wrongUsage } from "../exit-codes.ts";
import { findSessionId } from "../http/find-session.ts";
import { createServerClient, fieldOf, textOf, type ServerAnswer, type ServerClient } from "../http/server-client.ts";
import { reportsText, type Reported } from "../output/report-text.ts";
import { sessionsText, sessionText } from "../output/session-text.ts";
import { configOf } from "../session-config.ts";

export async function create(call: Call): Promise<void> {
  const config = configOf(call);
  const { body } = await createServerClient(call).send("POST", "/v1/sessions", {
    startTime: optionText(call, "start"),
    endTime: optionText(call, "end"),
    name: optionText(call, "name"),
    initialCash: optionText(call, "cash"),
    config,
  });
  call.answer(body, `Session ${textOf(body, "id")} was created.\n\n${sessionText(body)}`);
}

export async function list(call: Call): Promise<void> {
  const query = new URLSearchParams({ limit: optionText(call, "limit") ?? "" });
  const { body, next } = await createServerClient(call).get(`/v1/sessions?${query.toString()}`);
  const sessions: readonly unknown[] = Array.isArray(body) ? body : [];
  const more = next === undefined ? "" : "\nThere are more; see --limit.";
  const none = "There are no sessions. Create one with: tapedeck session create --start TIME --end TIME";
  call.answer(sessions, sessions.length === 0 ? none : sessionsText(sessions) + more);
}

/** The session, and how each of its accounts has done. */
export async function show(call: Call): Promise<void> {
  const client = createServerClient(call);
  const id = await findSessionId(client, argument(call, 0));
  const { body } = await client.get(pathOf(id));
  const accounts = await reportedAccounts(client, id);
  const reports = accounts.map(({ report }) => report);
  const table = accounts.length === 0 ? "" : `\n\n${reportsText(accounts)}`;
  call.answer({ ...(body as object), reports }, sessionText(body) + table);
}

/** The oldest first, as they are numbered. */
async function reportedAccounts(client: ServerClient, session: string): Promise<readonly Reported[]> {
  const { body } = await client.get(`/v1/accounts?limit=${REPORTS_MAX}`, session);
  const accounts: readonly unknown[] = Array.isArray(body) ? body.toReversed() : [];
  const reported: Reported[] = [];
  for (const account of accounts) {
    const path = `/v1/accounts/${encodeURIComponent(textOf(account, "id"))}/report`;
    const { body: report } = await client.get(path, session);
    reported.push({ accountNumber: textOf(account, "account_number"), report });
  }
  return reported;
}

/** Accounts whose reports are shown: the newest of a session that has more. */
const REPORTS_MAX = 20;

const pathOf = (session: string): string => `/v1/sessions/${encodeURIComponent(session)}`;

export async function advance(call: Call): Promise<void> {
  const request = advanceOf(call);
  const { body } = await inSession(call, (client, path) => client.send("POST", `${path}/time/advance`, request));
  const isCompleted = fieldOf(body, "isCompleted") === true;
  call.answer(
    body,
    `${textOf(body, "previousTime")} → ${textOf(body, "currentTime")}${isCompleted ? ", the end: the session is completed" : ""}`,
  );
}

export async function play(call: Call): Promise<void> {
  const { body } = await inSession(call, (client, path) => client.send("POST", `${path}/time/play`));
  call.answer(body, `Playing at speed ${textOf(body, "playback_speed")} from ${clockOf(body)}`);
}

export async function pause(call: Call): Promise<void> {
  const { body } = await inSession(call, (client, path) => client.send("POST", `${path}/time/pause`));
  call.answer(body, `Paused at ${clockOf(body)}`);
}

export async function acceptData(call: Call): Promise<void> {
  const { body } = await inSession(call, (client, path) => client.send("POST", `${path}/accept-data`));
  call.answer(body, `The bars as they are now are accepted; ${textOf(body, "playback_state")} at ${clockOf(body)}`);
}

export async function speed(call: Call): Promise<void> {
  const wanted = numberOf("speed", argument(call, 1));
  const { body } = await inSession(call, (client, path) => client.send("PUT", `${path}/time/speed`, { speed: wanted }));
  call.answer(body, `Speed ${textOf(body, "playback_speed")}, ${textOf(body, "playback_state")} at ${clockOf(body)}`);
}

export async function remove(call: Call): Promise<void> {
  const client = createServerClient(call);
  const id = await findSessionId(client, argument(call, 0));
  await client.send("DELETE", pathOf(id));
  call.answer({ id, deleted: true }, `Session ${id} was deleted.`);
}

/** A request about the session that the first argument names. */
async function inSession(
  call: Call,
  ask: (client: ServerClient, path: string) => Promise<ServerAnswer>,
): Promise<ServerAnswer> {
  const client = createServerClient(call);
  const id = await findSessionId(client, argument(call, 0));
  return ask(client, pathOf(id));
}

const clockOf = (session: unknown): string => textOf(session, "current_time");

function advanceOf(call: Call): object {
  const minutes = optionText(call, "minutes");
  const until = optionText(call, "until");
  if (minutes !== undefined && until !== undefined) throw wrongUsage("Give --minutes or --until, not both");
  if (until !== undefined) return { targetTime: until };
  return minutes === undefined ? {} : { duration: numberOf("--minutes", minutes) };
}

function numberOf(name: string, text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw wrongUsage(`${name}: got ${JSON.stringify(text)}, wanted a number`);
}
