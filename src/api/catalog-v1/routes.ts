/** The catalog over HTTP: what there is of a symbol, taking files in, and removing; for keys that were made for no account. */
import type { FastifyInstance } from "fastify";
import { registerImports } from "./imports.ts";
import type { CatalogPort } from "./port.ts";
import { registerSymbols } from "./symbols.ts";

export function registerCatalog(app: FastifyInstance, stock: CatalogPort): void {
  registerSymbols(app, stock);
  registerImports(app, stock.uploads);
}
