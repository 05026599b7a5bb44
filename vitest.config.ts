/** How the tests run: beside their files and in test/; the crash test, the browser and other languages have configs of their own. */
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "dashboard/**/*.test.ts", "test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/browser/**", "test/crash/**", "test/sdk/**"],
    pool: "threads",
    testTimeout: 30_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
