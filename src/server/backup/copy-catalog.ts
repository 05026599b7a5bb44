/** The catalog of bars in a backup: the files that one manifest names, each checked by the hash that it has of them. */
import { existsSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../kernel/index.ts";
import { CATALOG_MANIFEST, catalogFiles, checkBarsFile, type CatalogFile } from "../../market/index.ts";
import { copyIfThere, type Copying } from "./copying.ts";
import { hashFile } from "./hashed-file.ts";

/** Manifests that are tried while others change the catalog: an import has one in minutes. */
const TRIES_MAX = 10;

/** Gives what is wrong with files of bars. */
export async function copyCatalog(copying: Copying): Promise<readonly string[]> {
  const problems = new Map<string, string>();
  for (let tries = 1; ; tries += 1) {
    const { files, records, manifest } = catalogFiles(copying.from);
    if (manifest === undefined) return [];
    await copyNew(copying, files, problems);
    // A file that went while it was wanted was replaced by another: then the next manifest names that.
    if (catalogFiles(copying.from).manifest !== manifest && tries < TRIES_MAX) continue;
    for (const path of records) {
      await makeFolderOf(copying, path);
      await copyIfThere(copying, path);
    }
    await dropOthers(copying, files);
    await addManifest(copying, manifest);
    return files.flatMap(({ path }) => problems.get(path) ?? []);
  }
}

/** Those that are not there yet. */
async function copyNew(copying: Copying, files: readonly CatalogFile[], problems: Map<string, string>): Promise<void> {
  const known = new Set(copying.files.map(({ path }) => path));
  const wanted = files.filter(({ path }) => !known.has(path));
  copying.expect(wanted.reduce((sum, { path }) => sum + sizeOf(join(copying.from, path)), 0));
  for (const file of wanted) {
    await makeFolderOf(copying, file.path);
    const problem = (await copyIfThere(copying, file.path))
      ? await problemOf(copying, file)
      : `${join(copying.from, file.path)} is missing`;
    if (problem === undefined) problems.delete(file.path);
    else problems.set(file.path, problem);
  }
}

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

const makeFolderOf = (copying: Copying, path: string): Promise<unknown> =>
  mkdir(dirname(join(copying.to, path)), { recursive: true, mode: 0o700 });

async function problemOf({ from, to }: Copying, { path, barsHash }: CatalogFile): Promise<string | undefined> {
  if (barsHash === undefined) return undefined;
  try {
    await checkBarsFile(join(to, path), barsHash);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message.replace(to, from);
  }
}

/** What an earlier manifest named. */
async function dropOthers(copying: Copying, files: readonly CatalogFile[]): Promise<void> {
  const named = new Set(files.map(({ path }) => path));
  const others = copying.files.filter(({ path }) => /^market\/(?!downloads\/)/.test(path) && !named.has(path));
  for (const { path } of others) await rm(join(copying.to, path));
  const gone = new Set(others.map(({ path }) => path));
  copying.files.splice(0, copying.files.length, ...copying.files.filter(({ path }) => !gone.has(path)));
}

async function addManifest(copying: Copying, text: string): Promise<void> {
  const path = join(copying.to, CATALOG_MANIFEST);
  await makeFolderOf(copying, CATALOG_MANIFEST);
  await writeFile(path, text, { mode: 0o600 });
  copying.files.push({ path: CATALOG_MANIFEST, ...(await hashFile(path, copying)) });
}
