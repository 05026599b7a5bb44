/** Which symbols there may be. Symbols become parts of file names, so anything else is refused. */

const STOCK = /^[A-Z][A-Z0-9.-]{0,14}$/;
const PAIR = /^[A-Z0-9]{1,7}\/[A-Z0-9]{1,7}$/;

/** What a symbol must look like, for messages. */
export const SYMBOL_WANTED =
  "1 to 15 capital letters, digits, dots or hyphens that begin with a letter (or a pair such as BTC/USD)";

/** A stock's ticker ("AAPL", "BRK.B") or a pair ("BTC/USD"). */
export const isSymbol = (text: string): boolean => STOCK.test(text) || PAIR.test(text);

/** Of two currencies: it trades around the clock. */
export const isPair = (symbol: string): boolean => symbol.includes("/");

/** The symbol as part of a file name: a pair's slash becomes "~", which no symbol contains. */
export const symbolInPath = (symbol: string): string => symbol.replace("/", "~");
