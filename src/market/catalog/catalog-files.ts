/** The files of a catalog as its manifest names them now, for copying it: each is whole, and never changes under its name. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMonths } from "./bars-file.ts";
import { barsFileName, barsFolder, manifestPath, marketDirectory, readManifest, tableFileName } from "./manifest.ts";

/** A path below the data directory, with forward slashes. */
export interface CatalogFile {
  readonly path: string;
  /** Of a file of bars: what the manifest has of it. */
  readonly barsHash: string | undefined;
}

export interface CatalogFiles {
  /** Everything but the manifest itself; none where nothing was ever imported. */
  readonly files: readonly CatalogFile[];
  /** What downloads have completed: these may change or go. */
  readonly records: readonly string[];
  /** The text of the manifest that names them. */
  readonly manifest: string | undefined;
}

const MONTHS = Array.from({ length: 12 }, (_, month) => month);

/** Where the manifest lies in a data directory. */
export const CATALOG_MANIFEST = "market/manifest.json";

/** Throws AppError "data_directory_damaged", "…_foreign" or "…_newer". */
export function catalogFiles(dataDir: string): CatalogFiles {
  const directory = marketDirectory(dataDir);
  // Twice, until both are of the same manifest: it may be replaced in between.
  for (;;) {
    const before = textOf(manifestPath(directory));
    const { series, tables } = readManifest(directory);
    if (textOf(manifestPath(directory)) !== before) continue;
    const bars = series.flatMap((entry) =>
      entry.years.map((year) => ({
        path: below(dataDir, join(barsFolder(directory, entry.symbol), barsFileName(entry, year))),
        barsHash: year.hash,
      })),
    );
    const csv = (["corporate-actions", "assets"] as const).flatMap((name) => {
      const hash = tables[name];
      return hash === undefined ? [] : [{ path: `market/${tableFileName(name, hash)}`, barsHash: undefined }];
    });
    return { files: [...csv, ...bars], records: recordsIn(join(directory, "downloads")), manifest: before };
  }
}

/** Reads all of a file of bars. Throws AppError "data_directory_damaged" naming the file and what is wrong. */
export async function checkBarsFile(path: string, hash: string): Promise<void> {
  for (const month of MONTHS) await readMonths({ path, hash }, [month]);
}

const below = (dataDir: string, path: string): string => path.slice(dataDir.length + 1).replaceAll("\\", "/");

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

const recordsIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => `market/downloads/${name}`)
    : [];
