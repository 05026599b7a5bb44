/** One reading of a table's file: the header names the columns, each row is read, checked and kept by its key. */
import { AppError, TABLE_ROWS_MAX } from "../../kernel/index.ts";
import { RefusedRows, type RowProblem } from "../import/refused-rows.ts";
import { splitFields } from "./csv-fields.ts";
import { columnsOf, isEqualRow, type TableKind } from "./table-kind.ts";

/** Characters of a header that an error shows. */
const HEADER_SHOWN = 120;

export class TableReading<Row extends object> {
  readonly refused = new RefusedRows();
  readonly #path: string;
  readonly #kind: TableKind<Row>;
  readonly #rowsMax: number;
  readonly #rows = new Map<string, Row>();
  readonly #lines = new Map<string, number>();
  #columns: ReadonlyMap<string, number> | undefined;
  #rowsRead = 0;
  #rowsRepeated = 0;

  constructor(path: string, kind: TableKind<Row>, rowsMax: number = TABLE_ROWS_MAX) {
    this.#path = path;
    this.#kind = kind;
    this.#rowsMax = rowsMax;
  }

  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** Rows that said the same as an earlier one. */
  get rowsRepeated(): number {
    return this.#rowsRepeated;
  }

  /** By key. Throws AppError "import_failed" where the file had no header. */
  get rows(): ReadonlyMap<string, Row> {
    if (this.#columns !== undefined) return this.#rows;
    throw new AppError("import_failed", `${this.#path} is empty: not even a header. Nothing was imported.`);
  }

  /** Takes the next line that is not empty; the first is the header. Throws AppError "import_failed". */
  take(text: string, line: number): void {
    const fields = splitFields(text);
    if (this.#columns === undefined) {
      this.#columns = this.#readHeader(fields ?? [], text);
      return;
    }
    this.#rowsRead += 1;
    const outcome = this.#read(this.#columns, fields);
    const problem = "reason" in outcome ? outcome : this.#keep(outcome, line);
    if (problem !== undefined) this.refused.add(line, problem);
  }

  #readHeader(fields: readonly string[], text: string): ReadonlyMap<string, number> {
    const { required, optional } = this.#kind;
    const names = fields.map((name) => name.toLowerCase());
    const missing = required.filter((name) => !names.includes(name));
    const surplus = names.filter((name, index) => !columnsOf(this.#kind).includes(name) || names.indexOf(name) < index);
    if (missing.length === 0 && surplus.length === 0) return new Map(names.map((name, index) => [name, index]));
    const wanted = `${required.join(",")}[,${optional.join(",")}]`;
    const got = JSON.stringify(text.slice(0, HEADER_SHOWN));
    const message = `${this.#path}, line 1: got ${got}, wanted a header: ${wanted} (in any order, each once)`;
    throw new AppError("import_failed", `${message}. Nothing was imported.`);
  }

  #read(columns: ReadonlyMap<string, number>, fields: readonly string[] | undefined): Row | RowProblem {
    if (fields === undefined) {
      return { reason: "bad_quotes", message: "a quote is not closed, or stands inside a field that is not quoted" };
    }
    if (fields.length !== columns.size) {
      const message = `got ${fields.length} fields, wanted ${columns.size} as in the header`;
      return { reason: "wrong_field_count", message };
    }
    return this.#kind.read((column) => fields[columns.get(column) ?? -1] ?? "");
  }

  #keep(row: Row, line: number): RowProblem | undefined {
    const key = this.#kind.keyOf(row);
    const earlier = this.#rows.get(key);
    if (earlier === undefined) {
      if (this.#rows.size >= this.#rowsMax) throw tooManyRows(this.#path, this.#rowsMax);
      this.#rows.set(key, row);
      this.#lines.set(key, line);
      return undefined;
    }
    if (!isEqualRow(this.#kind, earlier, row)) {
      return { reason: "contradiction", message: `${key}: line ${this.#lines.get(key)} says something else of it` };
    }
    this.#rowsRepeated += 1;
    return undefined;
  }
}

export const tooManyRows = (path: string, rowsMax: number): AppError =>
  new AppError(
    "import_failed",
    `${path}: a table holds at most ${rowsMax} rows. Leave out symbols that you do not need. Nothing was imported.`,
  );
