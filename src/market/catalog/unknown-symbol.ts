/** What is said of a symbol that is not there. */
import { refuse, type Refusal } from "../../kernel/index.ts";

export const unknownSymbol = (symbol: string): Refusal =>
  refuse("not_found", `symbol: ${JSON.stringify(symbol)} is not in the catalog; \`tapedeck data list\` shows what is`);
