/** What the name of a file tells of its content: symbol, length of a bar, adjustment. Only where it is beyond doubt. */
import { basename } from "node:path";
import { isSymbol } from "../symbol.ts";
import { parseTimeframe } from "../timeframe.ts";

const EXTENSION = /\.(csv|txt|json|parquet|zip|gz)$/i;

/** Capital words in names of data files that are no tickers. */
const NO_TICKERS = new Set(["FULL", "ADJUSTED", "UNADJUSTED", "ADJ", "RAW", "LAST", "BID", "ASK", "RTH", "ETH", "CSV"]);

const LENGTH = /^(\d{1,2})-?(min|minute|hour|day)s?$/i;
const UNITS: Readonly<Record<string, string>> = { min: "Min", minute: "Min", hour: "Hour", day: "Day" };

function stemOf(path: string): string {
  let stem = basename(path);
  while (EXTENSION.test(stem)) stem = stem.replace(EXTENSION, "");
  return stem;
}

const wordsOf = (stem: string): readonly string[] => stem.split(/[_\s()]+/);

/** "SPY.csv.gz", "SPY_full_1min.txt", "yahoo_AAPL.csv", "SPY.Last.txt": the one word that is a ticker. */
export function symbolInName(path: string): string | undefined {
  const stem = stemOf(path).replace(/\.Last$/i, "");
  if (isSymbol(stem)) return stem;
  const words = wordsOf(stem).filter((word) => isSymbol(word) && !NO_TICKERS.has(word));
  return words.length === 1 ? words[0] : undefined;
}

/** "1Min" of "SPY_full_1min.txt". */
export function timeframeInName(path: string): string | undefined {
  const lengths = wordsOf(stemOf(path)).flatMap((word) => {
    const [, count, unit = ""] = LENGTH.exec(word) ?? [];
    const spec = count === undefined ? undefined : parseTimeframe(`${count}${UNITS[unit.toLowerCase()]}`);
    return spec === undefined ? [] : [spec.name];
  });
  return lengths.length === 1 ? lengths[0] : undefined;
}

/** Names that data vendors and Alpaca's own parameter give to adjusted files. */
export function isAdjustedByName(path: string): boolean {
  const name = basename(path).toLowerCase();
  return /adjustment_(split|dividend|all)/.test(name) || /(^|_)(adjsplit|adjsplitdiv|adjusted)(_|\.|$)/.test(name);
}
