/** The symbols of a catalog as assets, with ids that are the same on every machine. */
import { v5 as uuidv5 } from "uuid";
import type { CatalogSnapshot, SymbolEntry } from "../catalog/catalog.ts";
import type { AssetRow } from "./assets-table.ts";
import { KNOWN_COMPANIES } from "./known-companies.ts";
import { KNOWN_LEVERAGE, type Leverage } from "./known-leverage.ts";

export interface Asset {
  /** Stable UUID, the same on every machine. */
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  /** Alpaca's spelling: NASDAQ, NYSE, ARCA …; "" where unknown. */
  readonly exchange: string;
  readonly isTradable: boolean;
  readonly isFractionable: boolean;
  readonly isShortable: boolean;
  readonly isEasyToBorrow: boolean;
  readonly isMarginable: boolean;
  /** How many times the market's moves a fund makes; 1 for everything else. */
  readonly leverage: Leverage;
  /** True for the built-in sample. */
  readonly isSynthetic: boolean;
}

/** Namespace of the ids of assets. It must never change: clients keep ids. */
const ASSET_NAMESPACE = "6f1c2f0e-4f3f-5d0b-9a57-2c5e8b1d7a43";

export interface AssetBook {
  readonly generation: number;
  /** Sorted by symbol. */
  readonly assets: () => readonly Asset[];
  /** By symbol or id. */
  readonly find: (symbolOrId: string) => Asset | undefined;
}

/** Assets are made when they are asked for: an id is a hash, and a catalog may hold thousands. */
export function assetBook({ generation, symbols, assetRows }: CatalogSnapshot): AssetBook {
  const bySymbol = new Map<string, Asset>();
  const ofSymbol = (symbol: string): Asset | undefined => {
    const made = bySymbol.get(symbol);
    const entry = made === undefined ? symbols.get(symbol) : undefined;
    if (entry === undefined) return made;
    const asset = assetOf(entry, assetRows.get(symbol));
    bySymbol.set(symbol, asset);
    return asset;
  };
  const all = once(() => [...symbols.keys()].map(ofSymbol).filter((asset) => asset !== undefined));
  const byId = once(() => new Map(all().map((asset) => [asset.id, asset])));
  return {
    generation,
    assets: all,
    find: (symbolOrId) => ofSymbol(symbolOrId) ?? byId().get(symbolOrId) ?? byId().get(symbolOrId.toLowerCase()),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const TRAITS = { isTradable: true, isFractionable: true, isShortable: true, isMarginable: true } as const;

/** What was imported wins over what is built in. */
function assetOf({ symbol, isSynthetic }: SymbolEntry, row: AssetRow | undefined): Asset {
  let id: string | undefined;
  return {
    // A hash, which the engine never asks for.
    get id() {
      return (id ??= uuidv5(symbol, ASSET_NAMESPACE));
    },
    ...(KNOWN_COMPANIES.get(symbol) ?? { name: symbol, exchange: "" }),
    ...TRAITS,
    // What cannot be sold short is not easy to borrow, unless the table says so.
    isEasyToBorrow: row?.isShortable ?? true,
    leverage: KNOWN_LEVERAGE.get(symbol) ?? 1,
    ...row,
    symbol,
    isSynthetic,
  };
}
