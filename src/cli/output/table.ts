/** Aligned tables for people: heads in bold where the terminal shows it, numbers to the right. */
import { styleText } from "node:util";

export interface Column {
  readonly head: string;
  readonly align?: "left" | "right";
}

/** Lines of a table, without spaces at their ends. Cells hold no line breaks. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ head }, index) =>
    Math.max(head.length, ...rows.map((row) => plain(row[index] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = plain(cells[index] ?? "");
        const width = widths[index] ?? 0;
        return align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const head = styleText("bold", line(columns.map((column) => column.head)));
  return [head, ...rows.map(line)].join("\n");
}

/** Names and values below one another, values aligned. */
export function formatFields(fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `  ${styleText("dim", name.padEnd(width))}  ${plain(value)}`).join("\n");
}

/** A count with separators: "1,234,567". */
export const formatCount = (count: number): string => count.toLocaleString("en-US");

/** "1 row", "2 rows". */
export const counted = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;

/** Lines of a text, two spaces to the right. */
export const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");

/** Names come from files and other people: no control character reaches a terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
