/** The crash tests: a server of their own, killed again and again; run by `npm run test:crash`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/crash/**/*.test.ts"],
    pool: "forks",
    testTimeout: 600_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
