/** What an import would make of a file: its format, its columns and its first rows, without reading on. */
import { basename } from "node:path";
import { AppError, PREVIEW_ROWS_MAX } from "../../kernel/index.ts";
import type { FormatName, ImportedRow, RowSink } from "./bar-format.ts";
import { checkRow } from "./check-row.ts";
import { usualColumns, type ColumnRole } from "./column-map.ts";
import { headerOf, type FileHead } from "./files/file-head.ts";
import { findFiles } from "./files/find-files.ts";
import { sourceFiles } from "./files/open-files.ts";
import type { SourceFile } from "./files/source-file.ts";
import { readingOptions, type ImportOptions } from "./import-options.ts";
import { formatNamed, formatOf, unknownFormat } from "./formats/all-formats.ts";
import type { RefusedRow } from "./refused-rows.ts";

export type PreviewOptions = Omit<ImportOptions, "market" | "path" | "onProgress" | "onWriting" | "signal">;

export interface FilePreview {
  /** The file, or the first one of an archive. */
  readonly file: string;
  /** Undefined where no format is known. */
  readonly format: FormatName | undefined;
  /** The first lines as they are; none of a binary file. */
  readonly lines: readonly string[];
  /** The first line's fields, and what each is taken for by its name; none of a binary file. */
  readonly columns: readonly PreviewColumn[];
  /** As the file or its name tells it; undefined where only all rows do. */
  readonly timeframe: string | undefined;
  /** The first rows that could be taken. */
  readonly rows: readonly ImportedRow[];
  /** Rows among the first that would be refused. */
  readonly refused: readonly RefusedRow[];
  /** Why the file cannot be imported with these options; undefined where nothing is in the way so far. */
  readonly problem: AppError | undefined;
}

export interface PreviewColumn {
  readonly name: string;
  readonly role: ColumnRole | undefined;
}

/** Throws nothing of the file's doing: what is wrong with it is the preview's problem. */
export async function previewFile(path: string, options: PreviewOptions): Promise<FilePreview> {
  const first = new FirstRows();
  let head: FileHead | undefined;
  const take = async (file: SourceFile): Promise<void> => {
    head = file.head;
    await readFirst(file, options, first);
  };
  try {
    await withFirstFile(path, take);
    return preview(path, head, { first });
  } catch (error) {
    if (first.isFull) return preview(path, head, { first });
    if (error instanceof AppError) return preview(path, head, { first, problem: error });
    throw error;
  }
}

/** An archive is open only as long as its files are asked for. */
async function withFirstFile(path: string, take: (file: SourceFile) => Promise<void>): Promise<void> {
  const { files } = await findFiles(path);
  for (const found of files) {
    for await (const file of sourceFiles(found, () => undefined)) {
      await take(file);
      return;
    }
  }
  throw new AppError("import_failed", `${path} holds no files. Nothing was imported.`);
}

async function readFirst(file: SourceFile, options: PreviewOptions, first: FirstRows): Promise<void> {
  const reading = readingOptions(options, false);
  const named = reading.format === undefined ? undefined : formatNamed(reading.format);
  const format = named ?? (reading.columns === undefined ? formatOf(file.head) : formatNamed("csv"));
  if (format === undefined) throw unknownFormat(file.head);
  first.format = format.name;
  first.timeframe = reading.timeframe?.name ?? format.facts(file.head, reading).timeframe;
  await format.read(file, reading, first);
}

/** Ends the reading once it has seen enough. */
class FirstRows implements RowSink {
  readonly rows: ImportedRow[] = [];
  readonly refused: RefusedRow[] = [];
  format: FormatName | undefined;
  timeframe: string | undefined;

  get isFull(): boolean {
    return this.rows.length >= PREVIEW_ROWS_MAX || this.refused.length >= PREVIEW_ROWS_MAX;
  }

  take(row: ImportedRow, line: number, outcome: Parameters<RowSink["take"]>[2]): void {
    const problem = outcome ?? checkRow(row);
    if (problem === undefined) this.rows.push({ ...row });
    else if (problem !== "other") this.refused.push({ line, ...problem });
    if (this.isFull) throw new Error("enough rows");
  }

  takeAction(): void {
    // Corporate actions are told by the import's report.
  }
}

/** Longest line that is shown. */
const LINE_LENGTH_MAX = 400;

interface Seen {
  readonly first: FirstRows;
  readonly problem?: AppError;
}

function preview(path: string, head: FileHead | undefined, { first, problem }: Seen): FilePreview {
  const { format, timeframe, rows, refused } = first;
  const delimiter = [",", ";", "\t"].find((sign) => head?.lines[0]?.includes(sign)) ?? ",";
  const header = head === undefined || head.lines.length === 0 ? [] : headerOf(head, delimiter);
  const { places } = usualColumns(header);
  const roles = new Map([...places].map(([role, place]) => [place, role]));
  return {
    file: basename(head?.path ?? path),
    format,
    timeframe,
    lines: (head?.lines ?? []).slice(0, PREVIEW_ROWS_MAX).map((line) => line.slice(0, LINE_LENGTH_MAX)),
    columns: header.slice(0, COLUMNS_MAX).map((name, place) => ({
      name: name.slice(0, NAME_SHOWN_MAX),
      role: roles.get(place),
    })),
    rows,
    refused,
    problem,
  };
}

/** Columns of a table of bars that a preview shows: no known format has more than 16. */
const COLUMNS_MAX = 64;
const NAME_SHOWN_MAX = 64;
