/** One side of the import benchmark, in a process of its own: prints the milliseconds of its second run. */
import { timeImport, timeSplit } from "./import-flat-file.js";

const [kind, path = "", directory = ""] = process.argv.slice(2);
const run = (): Promise<number> => (kind === "import" ? timeImport(path, directory) : timeSplit(path));
await run();
process.stdout.write(String(await run()));
