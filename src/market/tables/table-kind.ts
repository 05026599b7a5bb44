/** What a table of the catalog is: its columns, how a row is read and written, and which row takes the place of which. */
import type { TableName } from "../catalog/manifest.ts";
import type { RowProblem } from "../import/refused-rows.ts";
import { SYMBOL_WANTED } from "../symbol.ts";
import { joinFields } from "./csv-fields.ts";

/** The text of a row in a column; "" where the file has no such column. */
export type Cells = (column: string) => string;

export interface TableKind<Row extends object> {
  readonly name: TableName;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** A row is refused unless it can be kept as it is: the file comes from anywhere. */
  readonly read: (cells: Cells) => Row | RowProblem;
  /** Two rows of one key say something of the same thing. */
  readonly keyOf: (row: Row) => string;
  /** Texts of all columns, those required first: equal texts are equal rows. */
  readonly write: (row: Row) => readonly string[];
  /** What is kept where a row of the same key is there already. */
  readonly merge: (old: Row, incoming: Row) => Row;
  readonly compare: (a: Row, b: Row) => number;
}

export const columnsOf = ({
  required,
  optional,
}: {
  required: readonly string[];
  optional: readonly string[];
}): readonly string[] => [...required, ...optional];

/** The table in its canonical form: sorted, every column, the same bytes for the same rows. It can be imported again. */
export function tableText<Row extends object>(kind: TableKind<Row>, rows: Iterable<Row>): string {
  const lines = [...rows].toSorted(kind.compare).map((row) => joinFields(kind.write(row)));
  return `${[columnsOf(kind).join(","), ...lines].join("\n")}\n`;
}

export interface MergedRows<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  /** Rows of a key that was not there before. */
  readonly added: number;
  /** Rows that say something else than before. */
  readonly replaced: number;
}

/** Neither is changed. */
export function mergeRows<Row extends object>(
  kind: TableKind<Row>,
  old: ReadonlyMap<string, Row>,
  incoming: ReadonlyMap<string, Row>,
): MergedRows<Row> {
  const rows = new Map(old);
  let replaced = 0;
  for (const [key, row] of incoming) {
    const before = old.get(key);
    const merged = before === undefined ? row : kind.merge(before, row);
    if (before !== undefined && !isEqualRow(kind, before, merged)) replaced += 1;
    rows.set(key, merged);
  }
  return { rows, added: rows.size - old.size, replaced };
}

export const isEqualRow = <Row extends object>(kind: TableKind<Row>, a: Row, b: Row): boolean =>
  joinFields(kind.write(a)) === joinFields(kind.write(b));

export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const badSymbol = (column: string, text: string): RowProblem => ({
  reason: "bad_symbol",
  message: `${column}: got ${JSON.stringify(text)}, wanted ${SYMBOL_WANTED}`,
});
