/** Reads the rows of a text file: each line split into fields and handed to the format's reader of rows. */
import type { ImportedRow, RowOutcome, RowSink } from "./bar-format.ts";
import { readLines } from "./files/read-lines.ts";
import type { SourceFile } from "./files/source-file.ts";
import { Line } from "./line.ts";
import { emptyRow } from "./settle-rows.ts";

/** Fills the row. */
export type RowReader = (line: Line, row: ImportedRow) => RowOutcome;

export interface RowLayout {
  readonly delimiter?: string;
  /** Lines before the first row. */
  readonly headerLines: number;
  /** Fields of a row. */
  readonly fields: number;
  readonly reader: RowReader;
}

/** Lines that are blank are passed over. Throws AppError "import_failed". */
export async function readRows(file: SourceFile, layout: RowLayout, sink: RowSink): Promise<void> {
  const { delimiter = ",", fields, reader } = layout;
  const line = new Line(delimiter);
  const row = emptyRow();
  let headerLines = layout.headerLines;
  await readLines(file, (bytes, { start, end }, number) => {
    line.split(bytes, start, end);
    if (headerLines > 0) headerLines -= 1;
    else if (line.fields === fields) sink.take(row, number, reader(line, row));
    else sink.take(row, number, wrongFieldCount(line.fields, fields));
  });
}

function wrongFieldCount(got: number, wanted: number): RowOutcome {
  return { reason: "wrong_field_count", message: `got ${got} fields, wanted ${wanted} as in the header` };
}
