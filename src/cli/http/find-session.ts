/** Which session a person means: by id, by the beginning of an id (four characters or more), or by name. */
import { CommandError, wrongUsage } from "../exit-codes.ts";
import { textOf, type ServerClient } from "./server-client.ts";

interface Named {
  readonly id: string;
  readonly name: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A slip of the finger should not name a session, least of all to delete it. */
const BEGINNING_LENGTH_MIN = 4;

/** Candidates that a message names. */
const SHOWN_MAX = 5;

/**
 * The id of the one session that is meant; a whole id is taken as it is. Throws CommandError: not_found for none,
 * usage for several.
 */
export async function findSessionId(client: Pick<ServerClient, "get" | "send">, given: string): Promise<string> {
  if (UUID.test(given)) return given;
  if (given === "") throw unknownSession(given);
  const sessions = await allSessions(client);
  const exact = sessions.find(({ id }) => id === given);
  if (exact !== undefined) return exact.id;
  const named = sessions.filter(({ name }) => name === given);
  const isBeginning = given.length >= BEGINNING_LENGTH_MIN;
  const begun = isBeginning ? sessions.filter(({ id }) => id.startsWith(given.toLowerCase())) : [];
  const meant = named.length > 0 ? named : begun;
  const [first, second] = meant;
  if (first === undefined) throw unknownSession(given);
  if (second !== undefined) throw ambiguous(given, meant);
  return first.id;
}

async function allSessions(client: Pick<ServerClient, "get" | "send">): Promise<readonly Named[]> {
  const found: Named[] = [];
  let path: string | undefined = "/v1/sessions?limit=1000";
  while (path !== undefined) {
    const { body, next }: Awaited<ReturnType<ServerClient["get"]>> = await client.get(path);
    const rows: readonly unknown[] = Array.isArray(body) ? body : [];
    found.push(...rows.map((row) => ({ id: textOf(row, "id"), name: textOf(row, "name") })));
    path = next;
  }
  return found;
}

function unknownSession(given: string): CommandError {
  const message = `No session has the id or name ${JSON.stringify(given)}; \`tapedeck session list\` shows yours.`;
  return new CommandError("server_refused", message, { exit: "not_found" });
}

function ambiguous(given: string, meant: readonly Named[]): CommandError {
  const shown = meant.slice(0, SHOWN_MAX).map(({ id }) => id);
  const more = meant.length > SHOWN_MAX ? ` and ${meant.length - SHOWN_MAX} more` : "";
  return wrongUsage(`${JSON.stringify(given)} may be ${shown.join(", ")}${more}; give more of the id`);
}
