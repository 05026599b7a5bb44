/** Sessions for people: one with all its fields, or a table of many. */
import { fieldOf } from "../http/server-client.ts";
import { formatFields, formatTable } from "./table.ts";

/** Fields of the session object that a table shows, with their heads. */
const COLUMNS = [
  ["id", "ID"],
  ["name", "NAME"],
  ["status", "STATUS"],
  ["current_time", "CLOCK"],
  ["simulation_end", "END"],
  ["playback_state", "PLAYBACK"],
] as const;

export function sessionsText(sessions: readonly unknown[]): string {
  const rows = sessions.map((session) => COLUMNS.map(([name]) => valueText(fieldOf(session, name))));
  return formatTable(
    COLUMNS.map(([, head]) => ({ head })),
    rows,
  );
}

/** Every field of a session, its config last and below one another. */
export function sessionText(session: unknown): string {
  const fields = Object.entries(isObject(session) ? session : {});
  const config = fieldOf(session, "config");
  const shown = fields.filter(([name]) => name !== "config").map(([name, value]) => [name, valueText(value)] as const);
  const options = Object.entries(isObject(config) ? config : {}).map(
    ([name, value]) => [`config.${name}`, optionText(value)] as const,
  );
  return formatFields([...shown, ...options]);
}

const valueText = (value: unknown): string => (value === null || value === undefined ? "–" : optionText(value));

/** As --option takes it. */
const optionText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
