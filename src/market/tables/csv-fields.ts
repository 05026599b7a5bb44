/** The fields of a line of CSV as RFC 4180 has them: a quoted field may hold commas, and quotes that are doubled. */

const QUOTE = '"';

/** Spaces around a field are dropped. Undefined where a quote is not closed or stands inside an unquoted field. */
export function splitFields(line: string): readonly string[] | undefined {
  if (!line.includes(QUOTE)) return line.split(",").map((text) => text.trim());
  const fields: string[] = [];
  for (let at = 0; at <= line.length;) {
    const field = fieldAt(line, at);
    if (field === undefined) return undefined;
    fields.push(field.text);
    at = field.end + 1;
  }
  return fields;
}

interface Field {
  readonly text: string;
  /** Where its comma stands, or the end of the line. */
  readonly end: number;
}

function fieldAt(line: string, at: number): Field | undefined {
  const start = skipSpaces(line, at);
  if (line[start] === QUOTE) return quotedField(line, start + 1);
  const comma = line.indexOf(",", at);
  const end = comma < 0 ? line.length : comma;
  const text = line.slice(at, end).trim();
  return text.includes(QUOTE) ? undefined : { text, end };
}

function quotedField(line: string, start: number): Field | undefined {
  let close = line.indexOf(QUOTE, start);
  while (close >= 0 && line[close + 1] === QUOTE) close = line.indexOf(QUOTE, close + 2);
  if (close < 0) return undefined;
  const end = skipSpaces(line, close + 1);
  if (end < line.length && line[end] !== ",") return undefined;
  return { text: line.slice(start, close).replaceAll('""', QUOTE).trim(), end };
}

function skipSpaces(line: string, at: number): number {
  let next = at;
  while (line[next] === " " || line[next] === "\t") next += 1;
  return next;
}

/** One line, without its line break; fields hold none. */
export const joinFields = (fields: readonly string[]): string => fields.map(quoted).join(",");

const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll(QUOTE, '""')}"` : text);
