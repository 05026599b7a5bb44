/** How the tests run: beside their files and in test/; the crash test, the browser and other languages have configs of their own. */
import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "dashboard/**/*.test.ts", "test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/browser/**", "test/crash/**", "test/sdk/**"],
    pool: "threads",
    // Many tests wait for a server: of two cores, one alone would idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
