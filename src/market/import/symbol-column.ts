/** The symbol of each row of a file of many, and the symbol of a file of one. */
import { AppError } from "../../kernel/index.ts";
import { isSymbol, SYMBOL_WANTED } from "../symbol.ts";
import type { ReadOptions } from "./bar-format.ts";
import type { Line } from "./line.ts";
import { symbolInName } from "./name-facts.ts";
import type { RowProblem } from "./refused-rows.ts";

/** The symbol, what is wrong with it, or undefined where it was not asked for. */
export type SymbolOutcome = string | RowProblem | undefined;

export type SymbolReader = (line: Line) => SymbolOutcome;

/** Rows of one symbol mostly follow one another, so the last one is looked at first. */
export function symbolColumn(field: number, wanted: readonly string[] | undefined, name = "symbol"): SymbolReader {
  let bytes: Buffer = Buffer.alloc(0);
  let last: SymbolOutcome;
  return (line) => {
    if (bytes.length > 0 && line.equals(field, bytes)) return last;
    const text = line.text(field);
    bytes = Buffer.from(text);
    last = symbolOutcome(text, wanted, name);
    return last;
  };
}

export function symbolOutcome(text: string, wanted: readonly string[] | undefined, name = "symbol"): SymbolOutcome {
  if (wanted !== undefined && !wanted.includes(text)) return undefined;
  if (isSymbol(text)) return text;
  return { reason: "bad_symbol", message: `${name}: got ${JSON.stringify(text)}, wanted ${SYMBOL_WANTED}` };
}

/**
 * The one that was named; else the one in the file's own name. Of many files only their names tell.
 * Throws AppError "bad_argument" where neither tells.
 */
export function symbolOfFile(path: string, { symbols = [], isFolder }: ReadOptions): string {
  const inName = symbolInName(path);
  const [named, ...others] = symbols;
  const isChoice = isFolder || (others.length > 0 && inName !== undefined && symbols.includes(inName));
  if (others.length > 0 && !isChoice) {
    throw new AppError("bad_argument", `--symbol: ${path} holds one symbol, got ${symbols.join(",")}`);
  }
  const symbol = isChoice ? inName : (named ?? inName);
  if (symbol !== undefined) return symbol;
  const advice = isFolder ? "a symbol is missing" : "--symbol is needed";
  const message = `${advice} for ${path}: the file's own name is not a ticker`;
  throw new AppError("bad_argument", `${message}; wanted ${SYMBOL_WANTED}`);
}
