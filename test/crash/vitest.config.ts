import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/crash/**/*.test.ts"],
    pool: "forks",
    testTimeout: 600_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
