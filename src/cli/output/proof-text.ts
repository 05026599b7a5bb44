/** Reports of proofs for people. */
import { fieldOf, textOf } from "../http/server-client.ts";
import { counted, formatCount, formatFields, formatTable } from "./table.ts";

const rowsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const countOf = (value: unknown, name: string): number => Number(fieldOf(value, name) ?? 0);

/** Figures with their names in a table, in order. */
const FIGURES = [
  ["equity", "EQUITY"],
  ["profit", "PROFIT"],
  ["return", "RETURN"],
  ["orders", "ORDERS"],
  ["fills", "FILLS"],
  ["filled_value", "TRADED"],
  ["fees", "FEES"],
] as const;

export function replayText(report: unknown): string {
  const isSame = fieldOf(report, "same") === true;
  const events = counted(countOf(fieldOf(report, "events"), "was"), "event");
  const entries = counted(countOf(report, "entries"), "command");
  const head = isSame ? `The same: ${events} of ${entries}.` : differenceText(fieldOf(report, "first_difference"));
  return [head, changesText(report), figuresText(report), refusedText(report), dataText(report)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function changesText(report: unknown): string {
  const changes = rowsOf(fieldOf(report, "config_changes"));
  const lines = changes.map(
    (change) => `  ${textOf(change, "option")}: ${plain(fieldOf(change, "was"))} → ${plain(fieldOf(change, "now"))}`,
  );
  return lines.length === 0 ? "" : ["With other options:", ...lines].join("\n");
}

function figuresText(report: unknown): string {
  const figures = fieldOf(report, "figures");
  const rows = (["was", "now"] as const).map((side) => [
    side,
    ...FIGURES.map(([name]) => figureText(name, fieldOf(fieldOf(figures, side), name))),
  ]);
  return formatTable([{ head: "" }, ...FIGURES.map(([, head]) => ({ head, align: "right" }) as const)], rows);
}

function figureText(name: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (name === "return") return `${(Number(value) * 100).toFixed(2)} %`;
  return typeof value === "string" ? Number(value).toFixed(2) : plain(value);
}

function refusedText(report: unknown): string {
  const refused = fieldOf(report, "refused");
  const total = countOf(refused, "total");
  if (total === 0) return "";
  const lines = rowsOf(fieldOf(refused, "first"))
    .slice(0, SHOWN_MAX)
    .map((each) => `  entry ${textOf(each, "seq")}, ${textOf(each, "command")}: ${textOf(each, "message")}`);
  const more = total > lines.length ? [`  and ${total - lines.length} more`] : [];
  return [`${counted(total, "command")} refused in this run:`, ...lines, ...more].join("\n");
}

const SHOWN_MAX = 5;

export function verifyText(report: unknown): string {
  const chain = fieldOf(report, "chain_problem");
  const first = fieldOf(report, "first_difference");
  const fields = formatFields([
    ["journal_seq", textOf(report, "journal_seq")],
    ["journal_hash", textOf(report, "journal_hash")],
    ["chain", chain === null ? "holds" : textOf(report, "chain_problem")],
    ["events", `${counted(countOf(report, "events"), "event")} of ${counted(countOf(report, "entries"), "command")}`],
    ["again", first === null ? "the same" : "not the same"],
    ["seconds", countOf(report, "seconds").toFixed(1)],
  ]);
  const head = fieldOf(report, "verified") === true ? "Proven." : "Not proven.";
  const difference = first === null ? "" : differenceText(first);
  return [head, fields, difference, dataText(report)].filter((part) => part !== "").join("\n\n");
}

export function diffText(report: unknown): string {
  const common = counted(countOf(report, "common_entries"), "command");
  const same = counted(countOf(report, "same_events"), "event");
  if (fieldOf(report, "same") === true) return `The same: ${common} in common, and ${same} after them.`;
  const created = rowsOf(fieldOf(report, "created_with")).map(
    (each) => `  ${textOf(each, "field")}: ${plain(fieldOf(each, "a"))} | ${plain(fieldOf(each, "b"))}`,
  );
  const first = fieldOf(report, "first_difference");
  const sides = (["a", "b"] as const).map((side) => `  ${side}: ${placedText(fieldOf(first, side))}`);
  return [
    `${common} in common, and ${same} after them.`,
    ...(created.length === 0 ? [] : ["Created with:", ...created]),
    ...(first === null ? ["No event differs."] : ["The first event that differs:", ...sides]),
  ].join("\n");
}

const placedText = (placed: unknown): string =>
  placed === null || placed === undefined
    ? "nothing more"
    : `entry ${textOf(placed, "seq")}, ${textOf(placed, "command")}: ${plain(fieldOf(placed, "event"))}`;

export function importText(report: unknown): string {
  const session = fieldOf(report, "session");
  const head = [
    `Session ${textOf(session, "id")} was taken in: ${counted(countOf(session, "journal_seq"), "command")}, head`,
    `${textOf(session, "journal_hash")}.`,
  ].join(" ");
  return [`${head}${barsText(fieldOf(report, "bars"))}`, dataText(report)].filter((part) => part !== "").join("\n\n");
}

function barsText(bars: unknown): string {
  if (typeof bars !== "object" || bars === null) return "";
  const [inFile, added] = [countOf(bars, "in_file"), countOf(bars, "added")];
  return added > 0
    ? `\nOf the ${counted(inFile, "bar")} in the file ${formatCount(added)} ${added === 1 ? "was" : "were"} new here and brought into the catalog.`
    : `\nThe file has ${counted(inFile, "bar")}; none was brought into the catalog. --take-bars brings those that it lacks.`;
}

function differenceText(first: unknown): string {
  const refused = textOf(first, "refused");
  return [
    `The first difference is in entry ${textOf(first, "seq")} (${textOf(first, "command") || "after the last"}), event ${textOf(first, "index")}:`,
    `  was: ${plain(fieldOf(first, "was"))}`,
    `  now: ${refused === "" ? plain(fieldOf(first, "now")) : `refused: ${refused}`}`,
    ...changedFields(fieldOf(first, "was"), fieldOf(first, "now")),
  ].join("\n");
}

/** Where both are there, what of them differs: the ids are the recorded event's alone. */
function changedFields(was: unknown, now: unknown): readonly string[] {
  if (typeof was !== "object" || typeof now !== "object" || was === null || now === null) return [];
  const names = [...new Set([...Object.keys(was), ...Object.keys(now)])].filter(
    (name) => !["order_id", "account_id"].includes(name),
  );
  return names
    .filter((name) => plain(fieldOf(was, name)) !== plain(fieldOf(now, name)))
    .map((name) => `  ${name}: ${plain(fieldOf(was, name))} → ${plain(fieldOf(now, name))}`);
}

function dataText(report: unknown): string {
  const data = rowsOf(fieldOf(report, "data"));
  if (data.length === 0) return "";
  const rows = data.map((each) => {
    const changed = countOf(fieldOf(each, "changed_days"), "total");
    const fields = ["symbol", "from", "to", "days", "bars"].map((name) => textOf(each, name) || "–");
    return [
      ...fields,
      textOf(each, "hash").slice(0, 16),
      changed === 0 ? "as used" : `${counted(changed, "day")} changed`,
    ];
  });
  const heads = ["DATA", "FROM", "TO", "DAYS", "BARS", "HASH", "HERE"];
  return formatTable(
    heads.map((head) => (head === "DAYS" || head === "BARS" ? ({ head, align: "right" } as const) : { head })),
    rows,
  );
}

/** Texts of sessions come from anywhere: no control character reaches a terminal. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return (typeof value === "string" ? value : JSON.stringify(value)).replace(/\p{Cc}/gu, "?");
}
