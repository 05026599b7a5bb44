/** The symbols of a catalog as assets, with ids that are the same on every machine. */
import { v5 as uuidv5 } from "uuid";
import type { CatalogSnapshot, SymbolEntry } from "../catalog/catalog.ts";
import { KNOWN_COMPANIES } from "./known-companies.ts";

export interface Asset {
  /** Stable UUID, the same on every machine. */
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  /** Alpaca's spelling: NASDAQ, NYSE, ARCA …; "" where unknown. */
  readonly exchange: string;
  readonly isFractionable: boolean;
  /** True for the built-in sample. */
  readonly isSynthetic: boolean;
}

/** Namespace of the ids of assets. It must never change: clients keep ids. */
const ASSET_NAMESPACE = "6f1c2f0e-4f3f-5d0b-9a57-2c5e8b1d7a43";

export interface AssetBook {
  readonly generation: number;
  /** Sorted by symbol. */
  readonly assets: readonly Asset[];
  /** By symbol or id. */
  readonly find: (symbolOrId: string) => Asset | undefined;
}

export function assetBook({ generation, symbols }: CatalogSnapshot): AssetBook {
  const assets = [...symbols.values()].map(assetOf);
  const byKey = new Map(assets.flatMap((asset) => [[asset.symbol, asset] as const, [asset.id, asset] as const]));
  return { generation, assets, find: (symbolOrId) => byKey.get(symbolOrId) ?? byKey.get(symbolOrId.toLowerCase()) };
}

function assetOf({ symbol, isSynthetic }: SymbolEntry): Asset {
  const company = KNOWN_COMPANIES.get(symbol) ?? { name: symbol, exchange: "" };
  return { id: uuidv5(symbol, ASSET_NAMESPACE), symbol, ...company, isFractionable: true, isSynthetic };
}
