/** Every format, in the order in which a file is held against them: what is most particular comes first. */
import { AppError } from "../../../kernel/index.ts";
import type { BarFormat } from "../bar-format.ts";
import { notText, type FileHead } from "../files/file-head.ts";
import { alpacaCsv } from "./alpaca-csv.ts";
import { alpacaJson } from "./alpaca-json.ts";
import { firstrate } from "./firstrate.ts";
import { leanFactors } from "./lean-factors.ts";
import { leanMap } from "./lean-map.ts";
import { lean } from "./lean.ts";
import { ninjatrader } from "./ninjatrader.ts";
import { parquet } from "./parquet.ts";
import { plainCsv } from "./plain-csv.ts";
import { polygon } from "./polygon.ts";
import { yahoo } from "./yahoo.ts";
import { yfinance } from "./yfinance.ts";

const FORMATS: readonly BarFormat[] = [
  parquet,
  alpacaJson,
  polygon,
  alpacaCsv,
  yahoo,
  yfinance,
  leanFactors,
  leanMap,
  lean,
  ninjatrader,
  firstrate,
  plainCsv,
];

/** Characters of a first line that an error shows. */
const HEAD_SHOWN = 120;

/** Throws AppError "bad_argument" for a name that no format has. */
export function formatNamed(name: string): BarFormat {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  const wanted = FORMATS.map((candidate) => candidate.name).join(", ");
  throw new AppError("bad_argument", `--format: got ${JSON.stringify(name)}, wanted one of ${wanted}`);
}

export const formatOf = (head: FileHead): BarFormat | undefined => FORMATS.find((format) => format.matches(head));

/** Why no format takes a file. */
export function unknownFormat(head: FileHead): AppError {
  const { path, bytes, lines } = head;
  const fault = (what: string): AppError => new AppError("import_failed", `${path}${what}. Nothing was imported.`);
  if (bytes.length === 0) return fault(" is empty: not even a header");
  const why = notText(head);
  if (why !== undefined) return fault(` cannot be read: ${why}`);
  const got = JSON.stringify((lines[0] ?? bytes.toString("latin1", 0, HEAD_SHOWN)).slice(0, HEAD_SHOWN));
  const known = FORMATS.map(({ name }) => name).join(", ");
  return fault(
    `, line 1: got ${got}, which is no known format (${known}). Of a CSV file say what its columns are with --columns`,
  );
}
